//! The async runtime and the HTTP client of a command.

use std::rc::Rc;
use std::sync::Arc;

use tokio::runtime::Builder;

use crate::app::{Context, interrupt};
use crate::arxiv;
use crate::error::{Error, Exit};
use crate::net::{Client, Config};

/// Runs `work` with a client. Runtime and client are created here, so that commands that need no network do not pay for
/// them: the client alone takes tens of milliseconds.
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
    let interrupted = interrupt::listen(Arc::clone(&context.ui.prompting)).map_err(setup)?;
    let ui = Rc::clone(&context.ui);
    let settings = &context.settings;
    let config = Config {
        service: arxiv::SERVICE,
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
    // A blocked name look-up must not delay the exit.
    runtime.shutdown_background();
    result
}
