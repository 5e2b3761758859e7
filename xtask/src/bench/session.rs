//! A signed-in session without a phone: a program that says exactly what is to be measured.

use super::world::World;
use crate::Failed;
use data_encoding::HEXLOWER;
use enishi_core::transport::api::Api;
use enishi_protocol::{
    AttemptId, CommunityId, DeviceId, Era, Language, Mutation, MutationId, Operation, RequestId, Stream, Version,
    feed::{PostKind, PostWriting},
    groups::GroupJoining,
    invitations::{Acceptance, Accepted, JoinDecision},
    membership::PersonName,
    session::{SignInCode, SignInStart},
    sync::{Outcome, SyncRequest},
};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Somebody who is signed in.
pub(super) struct Session {
    pub(super) api: Api,
    pub(super) token: String,
    community: CommunityId,
    present: Option<(Era, Version)>,
}

impl Session {
    /// Signs in by a code from the mail.
    pub(super) async fn sign_in(world: &World, address: &str) -> Result<Self, Failed> {
        let api = Api::new(world.url.parse()?, world.transport()?, Language::Ja);
        let (attempt, secret) = (AttemptId(Uuid::new_v4()), Uuid::new_v4().into_bytes().repeat(2));
        let secret_hash = HEXLOWER.encode(&Sha256::digest(&secret));
        let start = SignInStart { attempt, secret_hash, address: address.into(), language: Language::Ja };
        api.sign_in(&start, None).await?;
        let code = world.server.code_for(address).await?;
        let device = DeviceId(Uuid::new_v4());
        let secret = HEXLOWER.encode(&secret);
        let spend = SignInCode { secret, code, device, device_name: "計測".into() };
        let token = api.spend_code(attempt, &spend).await?.token;
        Ok(Self { api, token, community: world.community, present: None })
    }

    /// Joins the community by an invitation, let in by somebody on duty, and then all its groups.
    pub(super) async fn join(&mut self, world: &World, invitation: &str, duty: &mut Self) -> Result<(), Failed> {
        let code = invitation.rsplit('/').next().unwrap_or_default();
        let acceptance = Acceptance {
            id: RequestId(Uuid::new_v4()),
            name: PersonName { family: "読者".into(), given: "一".into() },
            fact: None,
            note: String::new(),
            fields: BTreeMap::new(),
            to_company: false,
            to_inviter: false,
        };
        if let Accepted::Waiting(_) = self.api.accept(&self.token, code, &acceptance).await? {
            let decision = JoinDecision { request: acceptance.id, accept: true };
            duty.write(&[Operation::DecideJoin(decision)]).await?;
        }
        let joins =
            world.groups.iter().map(|group| Operation::JoinGroup(GroupJoining { group: *group, note: String::new() }));
        self.write(&joins.collect::<Vec<_>>()).await?;
        Ok(())
    }

    /// Has operations accepted; the mutations that did.
    pub(super) async fn write(&mut self, operations: &[Operation]) -> Result<Vec<MutationId>, Failed> {
        let mut request = self.request().await?;
        for operation in operations {
            request.mutations.push(self.mutation(operation).await?);
        }
        request.ask = request.mutations.iter().map(|mutation| mutation.id).collect();
        let reply = self.api.sync(&self.token, &request).await?.reply;
        let accepted = reply.results.iter().filter(|result| matches!(result.outcome, Outcome::Accepted { .. })).count();
        if accepted == operations.len() {
            Ok(request.ask)
        } else {
            Err(format!("not all were accepted: {reply:?}").into())
        }
    }

    /// A request that asks for nothing.
    pub(super) async fn request(&mut self) -> Result<SyncRequest, Failed> {
        let (era, _) = self.present().await?;
        Ok(SyncRequest { era: Some(era), ..bare(self.community) })
    }

    /// An operation under a new id.
    pub(super) async fn mutation(&mut self, operation: &Operation) -> Result<Mutation, Failed> {
        let (_, since) = self.present().await?;
        let body = operation.encode()?;
        Ok(Mutation { id: MutationId(Uuid::now_v7()), after: None, since, kind: operation.kind().to_owned(), body })
    }

    /// The era and version when this session first asked.
    pub(super) async fn present(&mut self) -> Result<(Era, Version), Failed> {
        if self.present.is_none() {
            let reply = self.api.sync(&self.token, &bare(self.community)).await?.reply;
            self.present = Some((reply.era, reply.version));
        }
        self.present.ok_or_else(|| "the server told no version".into())
    }
}

/// Writes a post.
pub(super) fn write_post(stream: Stream, text: String) -> Operation {
    Operation::WritePost(PostWriting {
        stream,
        kind: PostKind::Text,
        text,
        mentions: Vec::new(),
        poll: None,
        attachments: Vec::new(),
    })
}

fn bare(community: CommunityId) -> SyncRequest {
    SyncRequest { community, era: None, mutations: Vec::new(), ask: Vec::new(), streams: Vec::new() }
}
