//! Ctrl-C, and what else asks a command to end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::runtime::Builder;
use tokio::sync::watch;

use crate::error::Exit;

/// Turns true at the first SIGINT, SIGTERM or SIGHUP; the second, or one at a question, ends the process at once.
///
/// On a thread of its own, so that it also works while the work is blocked in writing to a pipe.
pub fn listen(asking: Arc<AtomicBool>) -> std::io::Result<watch::Receiver<bool>> {
    let runtime = Builder::new_current_thread().enable_io().build()?;
    let (sender, receiver) = watch::channel(false);
    let (ready, is_ready) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        runtime.block_on(async {
            let mut signals = match Signals::new() {
                Ok(signals) => signals,
                Err(error) => return drop(ready.send(Err(error))),
            };
            let _ = ready.send(Ok(()));
            signals.next().await;
            sender.send_replace(true);
            if !asking.load(Ordering::SeqCst) {
                signals.next().await;
            }
            std::process::exit(i32::from(Exit::Interrupted.code()));
        });
    });
    match is_ready.recv() {
        Ok(Err(error)) => Err(error),
        _ => Ok(receiver),
    }
}

/// Keeps the process alive at an interrupt from now on. A pager is interrupted by the same key, and the terminal is its
/// until it ends.
pub fn leave_to_pager() {
    #[cfg(unix)]
    if let Ok(runtime) = Builder::new_current_thread().enable_io().build() {
        let _guard = runtime.enter();
        // The handler stays installed after the stream of signals is dropped.
        let _ = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt());
    }
}

#[cfg(unix)]
struct Signals([tokio::signal::unix::Signal; 3]);

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self([
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
            signal(SignalKind::hangup())?,
        ]))
    }

    async fn next(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
