//! What runs on the phone: a local store, a sync engine, a transport, and subscriptions.
//!
//! Commands return once one local transaction is flushed; everything else happens behind them.

pub mod sync;
