//! Reads server-sent events (WHATWG HTML, 9.2.6) out of bytes that are cut anywhere.

use super::TransportError;
use enishi_protocol::{ErrorCode, sync::LiveEvent};
use serde::Deserialize;

/// Bytes that one event may hold.
const EVENT_BYTES: usize = 16 * 1024 * 1024;

/// One event as it stands on the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerEvent {
    /// Its name; `message` where it has none.
    pub name: String,
    /// Its data: lines joined by a line feed.
    pub data: String,
}

/// Takes bytes as they come and gives events as they are whole.
#[derive(Debug, Default)]
pub struct EventReader {
    line: Vec<u8>,
    after_return: bool,
    started: bool,
    name: String,
    data: String,
    has_data: bool,
}

impl EventReader {
    /// Takes the next bytes; gives what they complete.
    ///
    /// # Errors
    /// Where an event is larger than any that the server sends.
    pub fn take(&mut self, bytes: &[u8]) -> Result<Vec<ServerEvent>, TransportError> {
        let mut events = Vec::new();
        for &byte in bytes {
            let follows_return = std::mem::take(&mut self.after_return);
            match byte {
                b'\n' if follows_return => {}
                b'\n' | b'\r' => {
                    self.after_return = byte == b'\r';
                    events.extend(self.line_ended());
                }
                _ => {
                    if self.line.len() + self.data.len() >= EVENT_BYTES {
                        return Err(TransportError::TooLarge(EVENT_BYTES));
                    }
                    self.line.push(byte);
                }
            }
        }
        Ok(events)
    }

    fn line_ended(&mut self) -> Option<ServerEvent> {
        let bytes = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&bytes);
        let line = if self.started { &*line } else { line.strip_prefix('\u{feff}').unwrap_or(&line) };
        self.started = true;
        if line.is_empty() {
            return self.event_ended();
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.name),
            "data" => {
                if self.has_data {
                    self.data.push('\n');
                }
                self.has_data = true;
                self.data.push_str(value);
            }
            _ => {}
        }
        None
    }

    fn event_ended(&mut self) -> Option<ServerEvent> {
        let name = std::mem::take(&mut self.name);
        let data = std::mem::take(&mut self.data);
        let name = if name.is_empty() { "message".to_owned() } else { name };
        std::mem::take(&mut self.has_data).then_some(ServerEvent { name, data })
    }
}

impl ServerEvent {
    /// Reads the event. None for a name that this build does not know.
    ///
    /// The data is the event's content, or the event with its name around it.
    ///
    /// # Errors
    /// Where the data is not what its name says.
    pub fn decode(&self) -> Result<Option<LiveEvent>, TransportError> {
        let unreadable = |_| TransportError::NotTheServer("an event of the live stream cannot be read");
        match self.name.as_str() {
            "batch" => whole_or_content(&self.data, LiveEvent::Batch).map(Some).map_err(unreadable),
            "again" => whole_or_content(&self.data, LiveEvent::Again).map(Some).map_err(unreadable),
            _ => Ok(None),
        }
    }
}

fn whole_or_content<'a, T: Deserialize<'a>>(data: &'a str, wrap: fn(T) -> LiveEvent) -> serde_json::Result<LiveEvent> {
    serde_json::from_str::<T>(data).map(wrap).or_else(|error| serde_json::from_str(data).map_err(|_| error))
}

/// Why a live stream ended, where the server said so.
pub fn reason(event: &LiveEvent) -> Option<ErrorCode> {
    match event {
        LiveEvent::Again(code) => Some(*code),
        LiveEvent::Batch(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str = "\u{feff}: hello\r\nevent: batch\ndata: {\"a\":\rdata: \"縁\"}\r\n\r\nid: 7\nretry: 5\n\nevent: again\ndata:\"shutting_down\"\n\ndata: x\n\nevent: half\ndata: lost";

    fn events() -> Vec<ServerEvent> {
        let event = |name: &str, data: &str| ServerEvent { name: name.into(), data: data.into() };
        vec![event("batch", "{\"a\":\n\"縁\"}"), event("again", "\"shutting_down\""), event("message", "x")]
    }

    #[test]
    fn events_are_the_same_wherever_the_bytes_are_cut() {
        let bytes = STREAM.as_bytes();
        for cut in 0..=bytes.len() {
            let mut reader = EventReader::default();
            let mut seen = reader.take(&bytes[..cut]).expect("small");
            seen.extend(reader.take(&bytes[cut..]).expect("small"));
            assert_eq!(seen, events(), "cut at {cut}");
        }
        let mut reader = EventReader::default();
        let one_by_one: Vec<_> = bytes.chunks(1).flat_map(|byte| reader.take(byte).expect("small")).collect();
        assert_eq!(one_by_one, events());
    }

    #[test]
    fn any_bytes_are_read_without_a_panic() {
        use rand::{Rng, SeedableRng};
        for seed in 0..200 {
            let mut random = rand::rngs::StdRng::seed_from_u64(seed);
            let mut bytes = [0; 512];
            random.fill_bytes(&mut bytes);
            for byte in &mut bytes {
                *byte = *b"\r\n: \xe7\xb8\x81data:event".get(usize::from(*byte % 18)).unwrap_or(&b'x');
            }
            let mut reader = EventReader::default();
            for event in reader.take(&bytes).expect("small") {
                let _ = event.decode();
            }
        }
    }

    #[test]
    fn a_server_says_why_it_ends_the_stream() {
        let event = ServerEvent { name: "again".into(), data: "\"shutting_down\"".into() };
        let event = event.decode().expect("reads").expect("known");
        assert_eq!(reason(&event), Some(ErrorCode::ShuttingDown));
        let event = ServerEvent { name: "again".into(), data: "{\"again\":\"reset\"}".into() };
        assert_eq!(reason(&event.decode().expect("reads").expect("known")), Some(ErrorCode::Reset));
        assert!(ServerEvent { name: "batch".into(), data: "<html>".into() }.decode().is_err());
        assert!(ServerEvent { name: "news".into(), data: "?".into() }.decode().expect("ignored").is_none());
    }

    #[test]
    fn an_endless_event_ends_the_connection() {
        let mut reader = EventReader::default();
        let line = vec![b'x'; EVENT_BYTES / 4];
        let took: Result<Vec<_>, _> = (0..5).map(|_| reader.take(&line)).collect();
        assert!(took.is_err());
    }
}
