//! The page by which somebody declines an invitation. Opening it changes nothing, as mail scanners open every
//! link; its button does, and so does the one POST that a mail program sends (RFC 8058).

use super::{
    App,
    answer::name,
    invitations,
    network::Asker,
    web::{self, Asked, Notice},
};
use crate::{
    db::{Connection, Scope},
    error::Result,
    invitations::code,
    outreach::declining::{self, Door},
};
use axum::{
    body::Body,
    extract::{Path, Query, State},
    http::{Response, StatusCode},
};
use enishi_protocol::{ErrorCode, Language};

/// The page.
#[utoipa::path(get, path = "/decline/{code}", operation_id = "decline_page", tag = "public",
    params(("code" = String, Path, description = "The code from the mail or letter"),
        ("lang" = Option<String>, Query, description = "`ja` or `en`, before what Accept-Language says")), responses(
    (status = 200, description = "A page for people, with a button", body = String, content_type = "text/html"),
    (status = 404, description = "A page for people: there is no such invitation", body = String, content_type = "text/html"),
))]
pub(super) async fn show(Path(text): Path<String>, request: Asked) -> Response<Body> {
    let (State(app), Asker(asker), Query(choice), headers) = request;
    let language = choice.language(&headers);
    let shown = async {
        let (code, door) = door(&app, &text, asker.network).await?;
        let look = move |conn: &mut dyn Connection| declining::look(conn, door);
        let (community, before) = app.db.read(Scope::Community(door.community), look).await?;
        if before { declined(language, &community, &code) } else { asks(language, &community, &code) }
    };
    web::in_words(shown.await, language)
}

/// Declines. Doing it again changes nothing. What the form holds does not matter: a mail program sends its own.
#[utoipa::path(post, path = "/decline/{code}", operation_id = "press_decline", tag = "public",
    params(("code" = String, Path, description = "The code from the mail or letter"),
        ("lang" = Option<String>, Query, description = "`ja` or `en`, before what Accept-Language says")), responses(
    (status = 200, description = "A page for people: nobody writes to them any more", body = String, content_type = "text/html"),
    (status = 404, description = "A page for people: there is no such invitation", body = String, content_type = "text/html"),
))]
pub(super) async fn press(Path(text): Path<String>, request: Asked) -> Response<Body> {
    let (State(app), Asker(asker), Query(choice), headers) = request;
    let language = choice.language(&headers);
    let pressed = async {
        let (code, door) = door(&app, &text, asker.network).await?;
        let surroundings = app.surroundings.clone();
        let decline = move |conn: &mut dyn Connection| declining::decline(conn, &*surroundings, door);
        let community = app.db.write(Scope::Community(door.community), decline).await?;
        declined(language, &community, &code)
    };
    web::in_words(pressed.await, language)
}

async fn door(app: &App, text: &str, network: Option<Vec<u8>>) -> Result<(String, Door)> {
    let code = code::read(text).ok_or(ErrorCode::InvitationUnknown)?;
    let door = invitations::look_up(app, &code, network, declining::find).await?;
    Ok((code, door))
}

fn asks(language: Language, community: &str, code: &str) -> Result<Response<Body>> {
    let to = format!("/decline/{code}?lang={}", name(language));
    let (heading, lines, button) = match language {
        Language::Ja => (
            format!("「{community}」からの案内を断りますか"),
            [
                "断ると、招待や再度のお知らせが届かなくなります。担当者には、断られたことだけが伝わります。",
                "このページを開いただけでは、何も変わりません。",
            ],
            "断って、案内を止める",
        ),
        Language::En => (
            format!("Decline what {community} sends you?"),
            [
                "If you decline, you get no more invitations and reminders. Those who run the community learn that you declined, and nothing else.",
                "Opening this page has changed nothing.",
            ],
            "Decline, and stop the mail",
        ),
    };
    let mut notice = Notice::new(language, title(language), heading, lines.map(str::to_owned).to_vec());
    notice.press = Some((button, to));
    notice.links = vec![(back(language), format!("/i/{code}?lang={}", name(language)))];
    web::send(&notice, StatusCode::OK, language)
}

fn declined(language: Language, community: &str, code: &str) -> Result<Response<Body>> {
    let (heading, lines) = match language {
        Language::Ja => (
            "案内を止めました",
            vec![
                format!("「{community}」から、招待や再度のお知らせが届くことはもうありません。"),
                "お手元の招待は、期限まで使えます。気が変わったら、そこから参加できます。".to_owned(),
                "記録そのものの訂正や削除を望まれるときは、担当者にお伝えください。".to_owned(),
            ],
        ),
        Language::En => (
            "You get no more of this mail",
            vec![
                format!("{community} sends you no more invitations and reminders."),
                "The invitation you have is good until its day. If you change your mind, you can join by it."
                    .to_owned(),
                "If you want the record itself corrected or removed, tell those who run the community.".to_owned(),
            ],
        ),
    };
    let mut notice = Notice::new(language, title(language), heading, lines);
    notice.links = vec![(back(language), format!("/i/{code}?lang={}", name(language)))];
    web::send(&notice, StatusCode::OK, language)
}

fn title(language: Language) -> &'static str {
    match language {
        Language::Ja => "縁｜招待を断る",
        Language::En => "Enishi: decline an invitation",
    }
}

fn back(language: Language) -> &'static str {
    match language {
        Language::Ja => "招待を見る",
        Language::En => "See the invitation",
    }
}
