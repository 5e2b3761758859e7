//! Types of others that cross as the protocol says.

use enishi_protocol::foreign::ProfileTexts;

uniffi::use_remote_type!(enishi_protocol::ProfileTexts);
