//! Uploads in pieces, and the files that posts and comments show.

use super::{App, body, extract::Member};
use crate::{
    error::{Error, Result},
    media::uploads::Upload,
};
use axum::{
    Json,
    extract::{FromRequest, Path, Query, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use enishi_protocol::{
    AttachmentId, CommunityId, ErrorBody, ErrorCode,
    limits::PIECE_BYTES,
    media::{FileFacts, MediaSize, UploadFinish, UploadStanding},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Which {
    attachment: AttachmentId,
}

type WhichPath = std::result::Result<Path<Which>, axum::extract::rejection::PathRejection>;

fn which(path: WhichPath) -> Result<AttachmentId> {
    Ok(path.map_err(|_| ErrorCode::NotFound)?.0.attachment)
}

fn of(member: &crate::accounts::memberships::MemberContext, id: AttachmentId) -> Upload {
    Upload { community: member.community, member: member.member, id }
}

/// Asks how far one's own upload has come.
#[utoipa::path(get, path = "/v1/communities/{community}/attachments/{attachment}/upload",
    operation_id = "upload_standing", tag = "member", security(("session" = [])),
    params(("community" = CommunityId, Path, description = "Which community"),
        ("attachment" = AttachmentId, Path, description = "Which upload")), responses(
    (status = 200, description = "How far it has come", body = UploadStanding),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn standing(
    State(app): State<App>,
    Member(member): Member,
    path: WhichPath,
) -> Result<Json<UploadStanding>> {
    Ok(Json(app.media.standing(&app.db, of(&member, which(path)?)).await?))
}

#[derive(Deserialize)]
pub(super) struct Place {
    start: u64,
    total: u64,
}

/// Sends a piece of a file. The first one begins the upload; one that is there already changes nothing.
#[utoipa::path(put, path = "/v1/communities/{community}/attachments/{attachment}/upload",
    operation_id = "upload_piece", tag = "member", security(("session" = [])),
    params(("community" = CommunityId, Path, description = "Which community"),
        ("attachment" = AttachmentId, Path, description = "Which upload; the id is made on the phone"),
        ("start" = u64, Query, description = "Where in the file the piece begins"),
        ("total" = u64, Query, description = "Bytes of the whole file")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses(
    (status = 200, description = "How far the upload has come", body = UploadStanding),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn receive(
    State(app): State<App>,
    Member(member): Member,
    path: WhichPath,
    place: std::result::Result<Query<Place>, axum::extract::rejection::QueryRejection>,
    request: Request,
) -> Result<Json<UploadStanding>> {
    let id = which(path)?;
    let Query(Place { start, total }) = place.map_err(|_| ErrorCode::Malformed)?;
    let bytes = body::read(request, PIECE_BYTES).await?;
    let now_us = app.surroundings.now_us();
    Ok(Json(app.media.receive(&app.db, now_us, of(&member, id), (start, total), bytes).await?))
}

/// Finishes an upload: the server compares it with its hash, looks into it, and keeps what it made of it.
#[utoipa::path(post, path = "/v1/communities/{community}/attachments/{attachment}/finish",
    operation_id = "finish_upload", tag = "member", security(("session" = [])),
    params(("community" = CommunityId, Path, description = "Which community"),
        ("attachment" = AttachmentId, Path, description = "Which upload")),
    request_body = UploadFinish, responses(
    (status = 200, description = "What was made of it", body = FileFacts),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn finish(
    State(app): State<App>,
    Member(member): Member,
    path: WhichPath,
    request: Request,
) -> Result<Json<FileFacts>> {
    let id = which(path)?;
    let body::Json(UploadFinish { sha256 }) = body::Json::from_request(request, &()).await?;
    let hash = data_encoding::HEXLOWER.decode(sha256.as_bytes()).ok().and_then(|hash| <[u8; 32]>::try_from(hash).ok());
    let hash = hash.ok_or(ErrorCode::Malformed)?;
    // A phone that goes away meanwhile asks again and gets what this comes to.
    let work = tokio::spawn(async move {
        let now_us = app.surroundings.now_us();
        app.media.finish(&app.db, now_us, of(&member, id), &hash).await
    });
    Ok(Json(work.await.map_err(|_| Error::Internal("finishing an upload panicked".into()))??))
}

/// Gives up one's own upload that nothing shows. One that there is not is no error.
#[utoipa::path(delete, path = "/v1/communities/{community}/attachments/{attachment}/upload",
    operation_id = "cancel_upload", tag = "member", security(("session" = [])),
    params(("community" = CommunityId, Path, description = "Which community"),
        ("attachment" = AttachmentId, Path, description = "Which upload")), responses(
    (status = 204, description = "It is given up"),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn cancel(State(app): State<App>, Member(member): Member, path: WhichPath) -> Result<StatusCode> {
    app.media.cancel(&app.db, of(&member, which(path)?)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
pub(super) struct Form {
    #[serde(default)]
    size: MediaSize,
}

/// The file of an attachment, for whoever may read the stream of what shows it at present.
#[utoipa::path(get, path = "/v1/communities/{community}/attachments/{attachment}", operation_id = "attachment",
    tag = "member", security(("session" = [])),
    params(("community" = CommunityId, Path, description = "Which community"),
        ("attachment" = AttachmentId, Path, description = "Which attachment"),
        ("size" = Option<MediaSize>, Query, description = "The file itself or its thumbnail")), responses(
    (status = 200, description = "The bytes", body = Vec<u8>, content_type = "application/octet-stream"),
    (status = 304, description = "Those that If-None-Match names"),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn show(
    State(app): State<App>,
    Member(member): Member,
    path: WhichPath,
    form: std::result::Result<Query<Form>, axum::extract::rejection::QueryRejection>,
    headers: HeaderMap,
) -> Result<Response> {
    let id = which(path)?;
    let Query(Form { size }) = form.map_err(|_| ErrorCode::Malformed)?;
    let readable = app.media.read(&app.db, (member.community, member.member), id, size).await?;
    let tag = format!("\"{}\"", data_encoding::HEXLOWER.encode(&readable.hash));
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        app.media.bytes(&readable).await?.into_response()
    };
    let disposition = match readable.media_type.as_str() {
        "application/pdf" => format!("attachment; filename=\"{id}.pdf\""),
        _ => "inline".to_owned(),
    };
    let held = [
        (header::CONTENT_TYPE, readable.media_type.as_str()),
        (header::ETAG, &tag),
        (header::CONTENT_DISPOSITION, &disposition),
        // Nobody but this reader may keep it, and they ask each time whether they still may.
        (header::CACHE_CONTROL, "private, no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in held {
        let value = HeaderValue::from_str(value).map_err(|error| Error::Internal(error.to_string()))?;
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}
