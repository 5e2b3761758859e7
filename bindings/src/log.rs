//! Where what the core has to say for a log goes.

use std::{fmt, fmt::Write, sync::Arc};
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

/// How grave something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, uniffi::Enum)]
pub enum LogLevel {
    /// A defect, or a device that fails.
    Error,
    /// Something that went wrong and was dealt with.
    Warn,
    /// Something that happened.
    Info,
    /// For whoever looks for a defect.
    Debug,
}

impl LogLevel {
    fn of(level: Level) -> Option<Self> {
        Some(match level {
            Level::ERROR => Self::Error,
            Level::WARN => Self::Warn,
            Level::INFO => Self::Info,
            Level::DEBUG => Self::Debug,
            _ => return None,
        })
    }
}

/// The place did not take a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum LogSinkError {
    /// It threw something.
    #[error("{reason}")]
    Failed {
        /// Why.
        reason: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for LogSinkError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed { reason: error.reason }
    }
}

/// Where lines for a log go. They hold no personal data. Called from any thread.
#[uniffi::export(with_foreign)]
pub trait LogSink: Send + Sync {
    /// Takes one line. `target` says which part of the core speaks.
    fn line(&self, level: LogLevel, target: String, message: String) -> Result<(), LogSinkError>;
}

/// Gives the log of the core a place, from `level` up, for the life of the process. True where it is
/// this one; false where there is one already.
#[uniffi::export]
fn set_log_sink(level: LogLevel, sink: Arc<dyn LogSink>) -> bool {
    tracing::subscriber::set_global_default(ToSink { level, sink }).is_ok()
}

struct ToSink {
    level: LogLevel,
    sink: Arc<dyn LogSink>,
}

impl Subscriber for ToSink {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let ours = metadata.target().starts_with("enishi");
        ours && LogLevel::of(*metadata.level()).is_some_and(|level| level <= self.level)
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let Some(level) = LogLevel::of(*event.metadata().level()) else { return };
        let mut line = Line::default();
        event.record(&mut line);
        // There is nowhere to say that the log does not take its lines.
        let _ = self.sink.line(level, event.metadata().target().to_owned(), line.0);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

/// The message, then the fields.
#[derive(Default)]
struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let written = if field.name() == "message" {
            let rest = std::mem::take(&mut self.0);
            write!(self.0, "{value:?}{rest}")
        } else {
            write!(self.0, " {}={value:?}", field.name())
        };
        // A String takes everything.
        let _ = written;
    }
}
