//! What the client has to know about a service: names, hosts and manners, given by the caller.

use std::time::Duration;

use super::Response;

/// A service that requests are sent to.
#[derive(Clone, Copy, Debug)]
pub struct Service {
    /// Name of the service in messages.
    pub name: &'static str,
    /// Name of the gate's file in the state directory. Services of one operator share it.
    pub gate_file: &'static str,
    /// Besides the host of the request, redirects may lead to this domain and to hosts below it.
    pub domain: &'static str,
    /// The least interval between two requests and the least first back-off; hosts on this machine are exempt.
    pub min_interval: Duration,
    /// How long nothing is sent after the service denied access.
    pub denial_pause: Duration,
    /// Recognizes a response by which the service refuses to serve this client, whatever its status. It is called with
    /// every response whose body is in memory, before [`Handler::finish`](super::Handler::finish).
    pub refusal: fn(&Response) -> Option<Refusal>,
}

/// How a service refuses to serve this client for now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The service sheds load; the request is retried after a back-off.
    Throttled {
        /// What the service said, as a clause.
        reason: String,
        /// What the user can do besides waiting.
        advice: Option<&'static str>,
    },
    /// The service denies access to this program. No process sends anything to any endpoint of the service for
    /// [`Service::denial_pause`]. What the service said, as a clause.
    Denied(String),
}

/// One kind of request to a service.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Endpoint {
    /// How long the service may send nothing, before the response and within it.
    pub idle_timeout: Duration,
    /// The `Accept` header. Front ends refuse requests without one that fits.
    pub accept: &'static str,
}
