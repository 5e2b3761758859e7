//! Commands of messages between members.

use crate::{App, arguments::MessagesCommand, posts::one, show, words::Failure};
use enishi_core::{
    Community,
    messages::{AroundMessage, ConversationView, MessageWindow},
};
use enishi_protocol::{ConversationId, MemberId, MessageId, Position, messages::MessagesFrom};

/// How far back a message is looked for by the end of its id.
const LOOK_BACK: usize = 1_000;

impl App {
    pub(crate) async fn messages(&self, command: MessagesCommand) -> Result<(), Failure> {
        let community = self.chosen()?;
        match command {
            MessagesCommand::Conversations => {
                self.freshen(&community).await;
                for conversation in community.conversations()? {
                    show::conversation(self.words, &conversation);
                }
                Ok(())
            }
            MessagesCommand::Messages { conversation, at, n } => {
                self.freshen(&community).await;
                let around = at.map_or(AroundMessage::Newest, |at| AroundMessage::Position(Position(at)));
                self.read_messages(&community, &conversation, around, n).await
            }
            MessagesCommand::SearchMessages { words } => {
                let hits = community.search_messages(&words.join(" "))?;
                for message in hits.messages.iter().rev() {
                    show::message(self.words, message);
                }
                Ok(())
            }
            command => {
                speak(&community, command)?;
                self.catch_up(&community).await;
                Ok(())
            }
        }
    }

    /// Shows a window, and marks what was shown as read.
    async fn read_messages(
        &self,
        community: &Community,
        named: &str,
        around: AroundMessage,
        n: usize,
    ) -> Result<(), Failure> {
        let id = conversation_named(community, named)?;
        let window = community.messages(id, around, n)?.ok_or_else(|| Failure::NotFound(named.to_owned()))?;
        show::messages(self.words, &window);
        if let Some(position) = newest_position(&window) {
            community.mark_conversation_read(id, position)?;
            self.catch_up(community).await;
        }
        Ok(())
    }
}

fn speak(community: &Community, command: MessagesCommand) -> Result<(), Failure> {
    match command {
        MessagesCommand::Talk { text, with, title } => {
            let with = members_named(community, &with)?;
            let conversation = community.start_conversation(&with, title.as_deref())?;
            community.write_message(conversation, &text)?;
            println!("[{}]", show::short(conversation.0));
        }
        MessagesCommand::Say { conversation, text } => {
            community.write_message(conversation_named(community, &conversation)?, &text)?;
        }
        MessagesCommand::EditMessage { message, text } => {
            community.edit_message(message_named(community, &message)?, &text)?;
        }
        MessagesCommand::DeleteMessage { message } => {
            community.delete_message(message_named(community, &message)?)?;
        }
        MessagesCommand::Accept { conversation } => {
            community.decide_conversation(conversation_named(community, &conversation)?, true)?;
        }
        MessagesCommand::Decline { conversation } => {
            community.decide_conversation(conversation_named(community, &conversation)?, false)?;
        }
        MessagesCommand::AddMember { conversation, members } => {
            let members = members_named(community, &members)?;
            community.add_to_conversation(conversation_named(community, &conversation)?, &members)?;
        }
        MessagesCommand::Title { conversation, title } => {
            community.title_conversation(conversation_named(community, &conversation)?, title.as_deref())?;
        }
        MessagesCommand::LeaveConversation { conversation } => {
            community.leave_conversation(conversation_named(community, &conversation)?)?;
        }
        MessagesCommand::MuteConversation { conversation, off } => {
            community.mute_conversation(conversation_named(community, &conversation)?, !off)?;
        }
        MessagesCommand::MessagesFrom { from: Some(from) } => {
            let from = MessagesFrom::named(&from).ok_or(Failure::NotFound(from))?;
            community.accept_messages_from(from)?;
        }
        MessagesCommand::MessagesFrom { from: None } => {
            println!("{}", community.accepts_messages_from()?.as_str());
        }
        MessagesCommand::Conversations | MessagesCommand::Messages { .. } | MessagesCommand::SearchMessages { .. } => {}
    }
    Ok(())
}

fn newest_position(window: &MessageWindow) -> Option<Position> {
    window.messages.iter().filter_map(|message| message.position).max()
}

/// The conversation that bears a part of this title or of a name in it, or whose id ends so.
fn conversation_named(community: &Community, named: &str) -> Result<ConversationId, Failure> {
    let conversations = community.conversations()?;
    let bears = |conversation: &&ConversationView| {
        let others = conversation.participants.iter().filter(|participant| !participant.own);
        conversation.title.as_deref().is_some_and(|title| title.contains(named))
            || others.map(|participant| &participant.name).any(|name| name.contains(named))
    };
    let named_so = conversations.iter().filter(bears).map(|conversation| conversation.id.0);
    let all = conversations.iter().map(|conversation| conversation.id.0);
    one(named_so, "").or_else(|_| one(all, named)).map(ConversationId)
}

pub(crate) fn message_named(community: &Community, end: &str) -> Result<MessageId, Failure> {
    let mut ids = Vec::new();
    for conversation in community.conversations()? {
        let window = community.messages(conversation.id, AroundMessage::Newest, LOOK_BACK)?;
        ids.extend(window.into_iter().flat_map(|window| window.messages).map(|message| message.id.0));
    }
    one(ids.into_iter(), end).map(MessageId)
}

/// Members by the end of the id, as shown in the directory.
fn members_named(community: &Community, named: &[String]) -> Result<Vec<MemberId>, Failure> {
    let members = community.directory("", usize::MAX)?;
    named.iter().map(|end| one(members.iter().map(|member| member.id.0), end).map(MemberId)).collect()
}
