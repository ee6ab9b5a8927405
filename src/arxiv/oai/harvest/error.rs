//! Why a harvest is not complete.

use chrono::NaiveDate;

use crate::arxiv::oai::ProtocolError;
use crate::net;

/// Why a harvest is not complete. The steps before the error remain valid.
#[derive(Debug, thiserror::Error)]
pub enum HarvestError {
    /// A request failed.
    #[error(transparent)]
    Http(#[from] net::Error),
    /// A protocol error.
    #[error("arXiv refused the harvest: {}", .0.message)]
    Refused(ProtocolError),
    /// A resumption token or a whole page came a second time.
    #[error("arXiv repeats itself: what it gave for {0} came before")]
    Repeats(NaiveDate),
    /// The token was refused repeatedly without progress in between.
    #[error("arXiv refused {tries} times to go on from {day}: {reason}")]
    Stuck {
        /// How often the walk was started.
        tries: u32,
        /// The day at which it was started each time.
        day: NaiveDate,
        /// arXiv's message.
        reason: String,
    },
}
