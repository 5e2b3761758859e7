//! Older parts of feeds, older hits, and the history of a post: read on request, beside sync.

use super::{App, extract::Member};
use crate::{
    db::{Connection, fulltext::Hit},
    error::{Error, Result},
    feed, sync,
};
use axum::{
    body::Bytes,
    extract::{Path, Query, State},
    http::header,
    response::IntoResponse,
};
use enishi_protocol::{
    CommunityId, ErrorBody, ErrorCode, Position, PostId, Stream,
    feed::EarlierText,
    limits::POSTS_PER_REQUEST,
    older::{OlderHit, OlderHits, OlderPosts, SinglePosts},
};
use serde::Deserialize;
use uuid::Uuid;

/// Hits in one answer.
const HITS: usize = 50;

#[derive(Deserialize)]
pub(super) struct Words {
    q: String,
    before: Option<Position>,
}

#[derive(Deserialize)]
pub(super) struct Before {
    stream: Stream,
    before: Position,
}

/// Searches posts and comments in every feed that the member may read, newest first.
#[utoipa::path(get, path = "/v1/communities/{community}/search", operation_id = "search", tag = "member",
    security(("session" = [])),
    params(("community" = CommunityId, Path, description = "Which community"),
        ("q" = String, Query, description = "Words; each must be found"),
        ("before" = Option<Position>, Query, description = "Only what stands before this position")), responses(
    (status = 200, description = "The newest hits before that position", body = OlderHits),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn search(
    State(app): State<App>,
    Member(member): Member,
    words: std::result::Result<Query<Words>, axum::extract::rejection::QueryRejection>,
) -> Result<impl IntoResponse> {
    let Query(words) = words.map_err(|_| ErrorCode::Malformed)?;
    let find = move |conn: &mut dyn Connection| -> Result<Bytes> {
        let community = member.community;
        let mut hits = feed::search(conn, community, member.member, &words.q, words.before, HITS + 1)?;
        let more = hits.len() > HITS;
        hits.truncate(HITS);
        let ids: Vec<(Stream, Uuid)> = hits.iter().map(|hit| (hit.stream, hit.id)).collect();
        let changes = sync::with_ids(conn, community, &ids)?;
        let hits: Vec<OlderHit> = hits.iter().map(shown).collect();
        let hits = serde_json::to_vec(&hits).map_err(|error| Error::Internal(error.to_string()))?;
        Ok(object(&[("hits", &hits), ("changes", &changes)], more))
    };
    let bytes = app.db.read(crate::db::Scope::Community(member.community), find).await?;
    Ok(json(bytes))
}

fn shown(hit: &Hit) -> OlderHit {
    OlderHit { id: hit.id, post: PostId(hit.post), stream: hit.stream, position: hit.position }
}

/// An older part of a feed, for whoever scrolls beyond what the phone holds.
#[utoipa::path(get, path = "/v1/communities/{community}/feed", operation_id = "older_posts", tag = "member",
    security(("session" = [])),
    params(("community" = CommunityId, Path, description = "Which community"),
        ("stream" = Stream, Query, description = "Which feed"),
        ("before" = Position, Query, description = "Only what stands before this position")), responses(
    (status = 200, description = "The posts", body = OlderPosts),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn older(
    State(app): State<App>,
    Member(member): Member,
    asked: std::result::Result<Query<Before>, axum::extract::rejection::QueryRejection>,
) -> Result<impl IntoResponse> {
    let Query(asked) = asked.map_err(|_| ErrorCode::Malformed)?;
    let read = move |conn: &mut dyn Connection| -> Result<Bytes> {
        let read = sync::older(conn, member.community, member.member, asked.stream, asked.before)?;
        let (era, grant) = (format!("\"{}\"", read.era.0), read.grant.to_string());
        let (now, from) = (read.now.to_string(), read.from.to_string());
        let parts: [(&str, &[u8]); 5] = [
            ("era", era.as_bytes()),
            ("grant", grant.as_bytes()),
            ("now", now.as_bytes()),
            ("from", from.as_bytes()),
            ("changes", &read.changes),
        ];
        Ok(object(&parts, read.from > Position(0)))
    };
    let bytes = app.db.read(crate::db::Scope::Community(member.community), read).await?;
    Ok(json(bytes))
}

#[derive(Deserialize)]
pub(super) struct Ids {
    ids: String,
}

/// Single posts, wherever they are: for what somebody has bookmarked and their phone does not hold.
#[utoipa::path(get, path = "/v1/communities/{community}/posts", operation_id = "posts", tag = "member",
    security(("session" = [])),
    params(("community" = CommunityId, Path, description = "Which community"),
        ("ids" = String, Query, description = "Which posts: up to 50 ids with commas between them")), responses(
    (status = 200, description = "Those of the posts that may be read", body = SinglePosts),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn singles(
    State(app): State<App>,
    Member(member): Member,
    asked: std::result::Result<Query<Ids>, axum::extract::rejection::QueryRejection>,
) -> Result<impl IntoResponse> {
    let Query(asked) = asked.map_err(|_| ErrorCode::Malformed)?;
    let ids: std::result::Result<Vec<PostId>, _> = asked.ids.split(',').map(str::parse).collect();
    let ids = ids.map_err(|_| ErrorCode::Malformed)?;
    if ids.len() > POSTS_PER_REQUEST {
        return Err(ErrorCode::TooMany.into());
    }
    let read = move |conn: &mut dyn Connection| -> Result<Bytes> {
        let read = sync::singles(conn, member.community, member.member, &ids)?;
        let (era, now) = (format!("\"{}\"", read.era.0), read.now.to_string());
        let parts: [(&str, &[u8]); 3] = [("era", era.as_bytes()), ("now", now.as_bytes()), ("posts", &read.posts)];
        Ok(object(&parts, read.more))
    };
    let bytes = app.db.read(crate::db::Scope::Community(member.community), read).await?;
    Ok(json(bytes))
}

#[derive(Deserialize)]
pub(super) struct OfPost {
    post: PostId,
}

/// The earlier texts of a post.
#[utoipa::path(get, path = "/v1/communities/{community}/posts/{post}/history", operation_id = "post_history",
    tag = "member", security(("session" = [])),
    params(("community" = CommunityId, Path, description = "Which community"),
        ("post" = PostId, Path, description = "Which post")), responses(
    (status = 200, description = "The texts, oldest first", body = Vec<EarlierText>),
    (status = "default", description = "Why not", body = ErrorBody),
))]
pub(super) async fn history(
    State(app): State<App>,
    Member(member): Member,
    post: std::result::Result<Path<OfPost>, axum::extract::rejection::PathRejection>,
) -> Result<axum::Json<Vec<EarlierText>>> {
    let Path(OfPost { post }) = post.map_err(|_| ErrorCode::NotFound)?;
    let read = move |conn: &mut dyn Connection| feed::post_history(conn, member.community, member.member, post);
    Ok(axum::Json(app.db.read(crate::db::Scope::Community(member.community), read).await?))
}

/// An object of parts that are JSON already.
fn object(parts: &[(&str, &[u8])], more: bool) -> Bytes {
    let mut bytes = b"{".to_vec();
    for (name, part) in parts {
        bytes.extend_from_slice(format!("\"{name}\":").as_bytes());
        bytes.extend_from_slice(part);
        bytes.push(b',');
    }
    bytes.extend_from_slice(format!("\"more\":{more}}}").as_bytes());
    bytes.into()
}

pub(super) fn json(bytes: impl Into<Bytes>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], bytes.into())
}
