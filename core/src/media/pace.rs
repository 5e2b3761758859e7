//! How large the next piece of an upload is: small where the line is slow or breaks, larger while all
//! goes well, so that little is lost to a cut and little to waiting.

use enishi_protocol::limits::PIECE_BYTES;
use std::time::Duration;

const LEAST: usize = 32 * 1024;
const FIRST: usize = 64 * 1024;
/// A piece that took less may be followed by a larger one.
const QUICK: Duration = Duration::from_secs(2);
/// One that took more is followed by a smaller one.
const SLOW: Duration = Duration::from_secs(8);

/// The size of pieces at present. Pure: times are passed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pace(usize);

impl Default for Pace {
    fn default() -> Self {
        Self(FIRST)
    }
}

impl Pace {
    /// Bytes of the next piece, at most.
    pub(crate) fn bytes(self) -> usize {
        self.0
    }

    /// A piece arrived after so long.
    pub(crate) fn arrived(&mut self, took: Duration) {
        if took < QUICK {
            self.0 = (self.0 * 2).min(PIECE_BYTES);
        } else if took > SLOW {
            self.failed();
        }
    }

    /// A piece did not arrive.
    pub(crate) fn failed(&mut self) {
        self.0 = (self.0 / 2).max(LEAST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_grow_on_a_good_line_and_shrink_on_a_bad_one_within_bounds() {
        let mut pace = Pace::default();
        for _ in 0..10 {
            pace.arrived(Duration::from_millis(100));
        }
        assert_eq!(pace.bytes(), PIECE_BYTES);
        pace.arrived(Duration::from_secs(4));
        assert_eq!(pace.bytes(), PIECE_BYTES, "neither quick nor slow");
        pace.arrived(Duration::from_secs(9));
        assert_eq!(pace.bytes(), PIECE_BYTES / 2);
        for _ in 0..10 {
            pace.failed();
        }
        assert_eq!(pace.bytes(), LEAST);
    }
}
