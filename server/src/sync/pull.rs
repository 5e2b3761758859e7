//! Answers a sync request from one snapshot: results, changes after cursors, pages of first syncs.

use super::{
    changes::{self, Of},
    commit::takes_part,
    pages,
};
use crate::{
    db::Connection,
    directory::{self, CommunityRow},
    grants, values,
    writing::Failure,
};
use enishi_protocol::{
    CommunityId, ErrorCode, Grant, MemberId, MutationId, Stream,
    rules::{Rule, on},
    sync::{MutationResult, Outcome, Place, Roots, StreamRequest, SyncRequest, Undecided},
};
use std::{collections::BTreeMap, io::Write as _};

/// Bytes of batches and pages in one reply, after which the remaining streams wait for the next.
const REPLY_BYTES: usize = 4 * 1024 * 1024;

/// The bytes of the `SyncReply`. To be called in one snapshot, after the request's mutations are
/// committed.
///
/// A stream that the member may not read under the grant they name is left out without a word: their
/// inbox tells them.
///
/// # Errors
/// [`ErrorCode::NotFound`] for no member of such a community; why the member takes no part.
pub fn reply(
    conn: &mut dyn Connection,
    member: MemberId,
    request: &SyncRequest,
    undecided: Option<Undecided>,
) -> Result<Vec<u8>, Failure> {
    let row = directory::community(conn, request.community)?.ok_or(ErrorCode::NotFound)?;
    let actor = directory::find(conn, request.community, member)?.ok_or(ErrorCode::NotFound)?.actor;
    takes_part(&actor)?;
    let granted = grants::all(conn, request.community, member)?;
    let roots = grants::roots(&granted, member).ok_or(ErrorCode::NotFound)?;
    let results = results(conn, request.community, member, &request.ask)?;
    let mut answer = Answer::new(request.community, member, &row);
    if request.era.is_none_or(|era| era == row.era) || !on(Rule::EraCheck) {
        for stream in &request.streams {
            answer.stream(conn, &granted, stream)?;
        }
    }
    answer.bytes(roots, &results, undecided)
}

fn results(
    conn: &mut dyn Connection,
    community: CommunityId,
    member: MemberId,
    asked: &[MutationId],
) -> Result<Vec<MutationResult>, Failure> {
    let mut results = Vec::new();
    for mutation in asked {
        let row = conn.first(
            "SELECT code, streams FROM mutation_result WHERE community = $1 AND member = $2 AND mutation = $3",
            values![community, member, *mutation],
        )?;
        let Some(row) = row else { continue };
        let outcome = match row.get::<Option<String>>(0)? {
            Some(code) => Outcome::Refused(ErrorCode::named(&code)),
            None => Outcome::Accepted { streams: serde_json::from_str(&row.get::<String>(1)?)? },
        };
        results.push(MutationResult { mutation: *mutation, outcome });
    }
    Ok(results)
}

/// The parts of a reply about streams, as bytes.
struct Answer<'a> {
    community: CommunityId,
    reader: MemberId,
    row: &'a CommunityRow,
    batches: Vec<u8>,
    pages: Vec<u8>,
    resets: Vec<StreamRequest>,
    more: bool,
}

impl<'a> Answer<'a> {
    fn new(community: CommunityId, reader: MemberId, row: &'a CommunityRow) -> Self {
        Self { community, reader, row, batches: vec![], pages: vec![], resets: vec![], more: false }
    }

    fn stream(
        &mut self,
        conn: &mut dyn Connection,
        granted: &BTreeMap<Stream, Grant>,
        request: &StreamRequest,
    ) -> Result<(), Failure> {
        // A first request knows no grant yet, and takes the present one.
        let Some(grant) = granted.get(&request.stream).copied() else { return Ok(()) };
        if request.grant.is_some_and(|named| named != grant) {
            return Ok(());
        }
        let CommunityRow { era, version, horizon, .. } = *self.row;
        if request.cursor.is_some_and(|cursor| cursor < horizon || cursor > version) {
            self.resets.push(request.clone());
            return Ok(());
        }
        if self.batches.len() + self.pages.len() > REPLY_BYTES {
            self.more = true;
            return Ok(());
        }
        let of = Of { community: self.community, era, stream: request.stream, grant, now: version };
        if let Some(place) = &request.page {
            self.page(conn, &of, request, place)?;
        }
        if let Some(from) = request.cursor {
            let (rows, to) = changes::batch(conn, &of, from)?;
            self.more |= to < version;
            comma(&mut self.batches);
            changes::write_batch(conn, &of, (from, to), &rows, &mut self.batches)?;
        }
        Ok(())
    }

    fn page(
        &mut self,
        conn: &mut dyn Connection,
        of: &Of,
        request: &StreamRequest,
        place: &Place,
    ) -> Result<(), Failure> {
        let Some(page) = pages::page(conn, self.community, self.reader, of, place)? else {
            // A place of an earlier build, or of a version that was never reached: begin again.
            self.resets.push(request.clone());
            return Ok(());
        };
        self.more |= page.next.is_some();
        comma(&mut self.pages);
        changes::write_page(conn, of, page.v0, (place, page.next.as_ref()), &page.rows, &mut self.pages)
    }

    fn bytes(
        &self,
        roots: Roots,
        results: &[MutationResult],
        undecided: Option<Undecided>,
    ) -> Result<Vec<u8>, Failure> {
        let mut out = Vec::with_capacity(self.batches.len() + self.pages.len() + 512);
        write!(out, r#"{{"era":"{}","version":{},"roots":"#, self.row.era.0, self.row.version)
            .map_err(super::defect)?;
        serde_json::to_writer(&mut out, &roots)?;
        out.extend_from_slice(br#","results":"#);
        serde_json::to_writer(&mut out, results)?;
        if let Some(undecided) = undecided {
            out.extend_from_slice(br#","undecided":"#);
            serde_json::to_writer(&mut out, &undecided)?;
        }
        for (name, part) in [("batches", &self.batches), ("pages", &self.pages)] {
            write!(out, r#","{name}":["#).map_err(super::defect)?;
            out.extend_from_slice(part);
            out.push(b']');
        }
        out.extend_from_slice(br#","resets":"#);
        serde_json::to_writer(&mut out, &self.resets)?;
        write!(out, r#","more":{}}}"#, self.more).map_err(super::defect)?;
        Ok(out)
    }
}

fn comma(part: &mut Vec<u8>) {
    if !part.is_empty() {
        part.push(b',');
    }
}
