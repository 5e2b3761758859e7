//! One membership on this phone: its replica, and the store that keeps it.
//!
//! The only place where a step becomes the present: it is committed first and believed after, so
//! that a full disk or a kill leaves what was there before.

use super::replica::{Replica, Step};
use crate::{
    error::StoreError,
    store::{NewWrite, OlderTaken, Store, StoredWrite},
};
use enishi_protocol::{
    CommunityId, MemberId, MutationId, Position, Stream,
    older::{OlderPosts, SinglePosts},
};
use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// A membership's replica with its store.
pub(crate) struct Local {
    community: CommunityId,
    store: Arc<Store>,
    replica: Mutex<Present>,
}

struct Present {
    replica: Replica,
    closed: bool,
}

impl Local {
    /// Opens what the store holds of a membership, or begins it.
    ///
    /// Where the store holds another membership of the same community (the person left and came
    /// back), that one ends here. What it had not sent stays its own.
    pub(crate) fn open(store: Arc<Store>, community: CommunityId, member: MemberId) -> Result<Self, StoreError> {
        let mut held = store.load(community)?;
        if let Some(former) = held.take_if(|held| held.member != member) {
            let ended = former.end();
            store.commit(community, Some(&former), &ended, &[])?;
            held = Some(begin(&store, community, Some(&ended.replica), member)?);
        }
        let mut replica = match held {
            Some(replica) => replica,
            None => begin(&store, community, None, member)?,
        };
        if !store.has_all_fields(community)? {
            // An earlier build fetched this; where the phone dies before it is noted, it begins anew once more.
            let step = replica.fetch_anew();
            store.commit(community, Some(&replica), &step, &[])?;
            store.note_fields(community)?;
            replica = step.replica;
        }
        Ok(Self { community, store, replica: Mutex::new(Present { replica, closed: false }) })
    }

    /// Which community.
    pub(crate) fn community(&self) -> CommunityId {
        self.community
    }

    /// The store that keeps it.
    pub(crate) fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// Looks at the replica. Nothing else can change it meanwhile: be brief.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&Replica) -> T) -> T {
        look(&self.present().replica)
    }

    /// Makes a step and commits it; only then is it the present.
    ///
    /// # Errors
    /// Those of the store; then everything is as it was.
    pub(crate) fn step<T>(
        &self,
        written: &[NewWrite],
        make: impl FnOnce(&Replica) -> (Step, T),
    ) -> Result<Stepped<T>, StoreError> {
        let mut present = self.present();
        if present.closed {
            return Err(StoreError::Inconsistent("a membership that is no longer open here"));
        }
        let (step, value) = make(&present.replica);
        let changed = step.replica != present.replica || !step.mirror.is_empty() || !written.is_empty();
        if changed {
            self.store.commit(self.community, Some(&present.replica), &step, written)?;
            present.replica = step.replica;
        }
        Ok(Stepped { value, changed })
    }

    /// Takes older posts as the server answered, while nothing else changes what is held.
    ///
    /// # Errors
    /// Those of the store; then everything is as it was.
    pub(crate) fn take_older(
        &self,
        stream: Stream,
        before: Position,
        answer: &OlderPosts,
        at_most: usize,
    ) -> Result<OlderTaken, StoreError> {
        let present = self.present();
        if present.closed {
            return Ok(OlderTaken::None);
        }
        self.store.take_older(self.community, stream, before, answer, at_most)
    }

    /// Takes single posts as the server answered, while nothing else changes what is held.
    ///
    /// # Errors
    /// Those of the store; then everything is as it was.
    pub(crate) fn take_singles(&self, answer: &SinglePosts) -> Result<OlderTaken, StoreError> {
        let present = self.present();
        // The answer may hold already what a write in flight did, which its result has to tell first.
        if present.closed || present.replica.awaits_results() {
            return Ok(OlderTaken::Late);
        }
        self.store.take_singles(self.community, answer)
    }

    /// Takes no more steps: the membership is opened anew elsewhere, or removed.
    pub(crate) fn close(&self) {
        self.present().closed = true;
    }

    /// What these mutations do, in the order asked for; ends at the first that the store does not have.
    pub(crate) fn writes(&self, member: MemberId, ids: &[MutationId]) -> Result<Vec<StoredWrite>, StoreError> {
        let found = self.store.writes(self.community, member, ids)?;
        Ok(found.into_iter().zip(ids).take_while(|(write, id)| write.id == **id).map(|(write, _)| write).collect())
    }

    fn present(&self) -> MutexGuard<'_, Present> {
        self.replica.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What came of a step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stepped<T> {
    /// What its maker gave with it.
    pub(crate) value: T,
    /// Whether anything is different now.
    pub(crate) changed: bool,
}

fn begin(
    store: &Store,
    community: CommunityId,
    former: Option<&Replica>,
    member: MemberId,
) -> Result<Replica, StoreError> {
    let step = Step { replica: Replica::new(member), mirror: Vec::new(), flush: true };
    store.commit(community, former, &step, &[])?;
    store.note_fields(community)?;
    Ok(step.replica)
}

impl fmt::Debug for Local {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Local").field("community", &self.community).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        feed::{Around, Selection, window},
        testing::Phone,
    };

    fn texts(phone: &Phone) -> Vec<String> {
        let window = window(&phone.store, phone.community, Selection::All, Around::Newest, 9).expect("reads");
        window.posts.into_iter().map(|post| post.text).collect()
    }

    #[test]
    fn what_a_build_fetched_that_knew_fewer_fields_is_fetched_anew_beside_what_is_shown() {
        let mut phone = Phone::new();
        let group = phone.group(7);
        phone.post(group, 5, 2, "hello");
        let shown = texts(&phone);
        let (store, community, me) = (Arc::new(phone.store), phone.community, phone.me);
        let open = || Local::open(store.clone(), community, me).expect("opens");
        let fetching =
            |local: &Local| local.look(|replica| replica.streams.values().filter(|held| held.next.is_some()).count());
        let anew = open();
        assert_eq!(fetching(&anew), 3, "the community, the inbox and the group");
        let again = open();
        assert_eq!(fetching(&again), 3, "it goes on and does not begin once more");
        let numbers = |local: &Local| local.look(|replica| replica.next_number);
        assert_eq!(numbers(&anew), numbers(&again));
        let window = window(&store, community, Selection::All, Around::Newest, 9).expect("reads");
        assert_eq!(window.posts.into_iter().map(|post| post.text).collect::<Vec<_>>(), shown);

        let empty = Arc::new(Store::in_memory().expect("opens"));
        for _ in 0..2 {
            let local = Local::open(empty.clone(), community, me).expect("opens");
            assert_eq!(fetching(&local), 0, "what this build begins has all fields");
        }
    }
}
