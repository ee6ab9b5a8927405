//! The way from a command to arXiv: the runtime, the client, and Ctrl-C.

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::runtime::Builder;
use tokio::sync::watch;

use crate::arxiv::http::{Client, Config};
use crate::commands::Context;
use crate::error::{Error, Exit};

/// Lets `work` ask arXiv. The runtime and the client exist only from here on.
pub fn run<T>(context: &Context, work: impl AsyncFnOnce(&Client) -> Result<T, Error>) -> Result<T, Error> {
    if context.settings.offline {
        return Err(Error::new(
            Exit::Unreachable,
            "this needs arXiv, and --offline forbids the network",
        )
        .hint("leave --offline away, or use what is here: `arxcat show ID`, `arxcat list`"));
    }
    let setup =
        |error: std::io::Error| Error::new(Exit::Local, format!("cannot set up the network: {error}"));
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(setup)?;
    let interrupted = listen(Arc::clone(&context.ui.asking)).map_err(setup)?;
    let ui = Rc::clone(&context.ui);
    let settings = &context.settings;
    let config = Config {
        state_dir: settings.state_dir.clone(),
        interval: settings.interval,
        retry_base: settings.retry_base,
        timeout: settings.timeout,
        max_wait: settings.max_wait,
        contact: settings.contact.clone(),
    };
    let client = Client::new(config, Box::new(move |event| ui.observe(&event)), interrupted);
    let result = runtime.block_on(work(&client));
    context.ui.pause();
    // A name look-up that hangs must not hold the exit.
    runtime.shutdown_background();
    result
}

/// Turns true at the first SIGINT, SIGTERM or SIGHUP; the second, or one at a question, ends the process at once.
///
/// On a thread of its own, so that it also works while the work is blocked in writing to a pipe.
fn listen(asking: Arc<AtomicBool>) -> std::io::Result<watch::Receiver<bool>> {
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
