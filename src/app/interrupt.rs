//! Ctrl-C and the other signals that ask the program to end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use tokio::runtime::Builder;
use tokio::sync::watch;

use crate::app::platform::{EndSignal, Signals};

/// The exit code of the signal that arrived. Signals reach the process, not a part of it, so it is one for all.
static EXIT_CODE: AtomicU8 = AtomicU8::new(0);

/// The exit code of an interrupted run: that of the signal that arrived.
#[must_use]
pub fn exit_code() -> u8 {
    match EXIT_CODE.load(Ordering::SeqCst) {
        0 => EndSignal::Interrupt.exit_code(),
        code => code,
    }
}

/// Returns a flag that turns true at the first SIGINT, SIGTERM or SIGHUP. The second signal, or one while `prompting` is
/// set, ends the process at once.
///
/// The signals are received on a thread of their own, so that they also arrive while the main thread is blocked in
/// writing to a pipe.
pub fn listen(prompting: Arc<AtomicBool>) -> std::io::Result<watch::Receiver<bool>> {
    reserve_descriptors()?;
    let runtime = Builder::new_current_thread().enable_io().build()?;
    let (sender, receiver) = watch::channel(false);
    let (ready, is_ready) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        runtime.block_on(async {
            let mut signals = match Signals::listen() {
                Ok(signals) => signals,
                Err(error) => return drop(ready.send(Err(error))),
            };
            let _ = ready.send(Ok(()));
            let first = signals.next().await;
            EXIT_CODE.store(first.exit_code(), Ordering::SeqCst);
            sender.send_replace(true);
            if !prompting.load(Ordering::SeqCst) {
                signals.next().await;
            }
            std::process::exit(i32::from(first.exit_code()));
        });
    });
    match is_ready.recv() {
        Ok(Err(error)) => Err(error),
        _ => Ok(receiver),
    }
}

/// Fails if the process may not open the files that listening for signals needs: tokio panics then.
fn reserve_descriptors() -> std::io::Result<()> {
    #[cfg(unix)]
    for file in (0..8).map(|_| std::fs::File::open("/")).collect::<Vec<_>>() {
        file?;
    }
    Ok(())
}

/// Keeps the process alive at an interrupt from now on. A pager is interrupted by the same key, and the terminal is its
/// until it ends.
pub fn leave_to_pager() {
    if let Ok(runtime) = Builder::new_current_thread().enable_io().build() {
        let _guard = runtime.enter();
        // The handlers stay installed after the stream of signals is dropped.
        let _ = Signals::listen_for_interrupt();
    }
}
