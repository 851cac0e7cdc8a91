//! `POST /admin/imports/upload`: takes a file from the browser to disk, then shows its preview.

use app::{context::Visit, url::encode};
use axum::{
    Extension,
    extract::{Multipart, State, multipart::MultipartError},
    response::{IntoResponse, Redirect, Response},
};
use domain::access::Capability;
use tokio::io::AsyncWriteExt;

use crate::{problem::Problem, state::AppState};

/// Largest upload, as for `POST /api/import/{dataset}` (CONTRACT 5).
const MOST_BYTES: u64 = 2 << 30;

/// The form: one file.
pub async fn upload(
    State(state): State<AppState>,
    Extension(visit): Extension<Visit>,
    mut form: Multipart,
) -> Result<Response, Problem> {
    services::auth::require(&visit.actor, Capability::Administer)?;
    let back = |message: &str| Ok(Redirect::to(&format!("/admin/imports?error={}", encode(message))).into_response());
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        let Some(name) = field.file_name().map(str::to_owned) else { continue };
        if name.is_empty() {
            return back("Choose a file first.");
        }
        let folder = state.services.config.data_dir.join("uploads");
        let path = folder.join(hex::encode(services::auth::random_bytes::<12>()));
        let failed = |error: std::io::Error| {
            Problem::from(services::Error::Unavailable(format!("The upload can't be kept on disk: {error}.")))
        };
        tokio::fs::create_dir_all(&folder).await.map_err(failed)?;
        let mut file = tokio::fs::File::create(&path).await.map_err(failed)?;
        let mut size = 0_u64;
        let kept = async {
            while let Some(chunk) = field.chunk().await.map_err(broken)? {
                size += chunk.len() as u64;
                if size > MOST_BYTES {
                    return Err(Problem::new(
                        http::StatusCode::PAYLOAD_TOO_LARGE,
                        "The file is larger than 2 GB. Split it, or use `headroom import` on the server.",
                    ));
                }
                file.write_all(&chunk).await.map_err(failed)?;
            }
            file.flush().await.map_err(failed)
        };
        if let Err(problem) = kept.await {
            // Nothing of a broken upload stays.
            drop(tokio::fs::remove_file(&path).await);
            return Err(problem);
        }
        let id = services::admin::imports::keep_upload(&state.services, &visit.actor, &name, &path).await?;
        return Ok(Redirect::to(&format!("/admin/imports/preview/{id}")).into_response());
    }
    back("Choose a file first.")
}

fn broken(error: MultipartError) -> Problem {
    Problem::bad_request(format!("The upload broke off or is not a form: {}.", error.body_text()))
}
