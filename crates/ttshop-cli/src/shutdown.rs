//! When a person or a supervisor wants us to end.

use crate::failure::Failure;

/// Ends at Ctrl-C or SIGTERM; listens from the call on, not from the first poll.
pub(crate) fn signal() -> Result<impl Future<Output = ()> + Send, Failure> {
    let failed = |error: std::io::Error| Failure::of("failed to listen for signals", &error);
    #[cfg(unix)]
    let mut terminate =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).map_err(failed)?;
    #[cfg(unix)]
    let mut interrupt =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt()).map_err(failed)?;
    #[cfg(unix)]
    let both = async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    };
    #[cfg(not(unix))]
    let both = {
        let mut interrupt = tokio::signal::windows::ctrl_c().map_err(failed)?;
        async move { drop(interrupt.recv().await) }
    };
    Ok(both)
}
