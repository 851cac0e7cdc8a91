//! `/api/docs`: the OpenAPI document as a page that needs no script.

use axum::response::{Html, IntoResponse, Response};
use http::{HeaderValue, header};
use utoipa::openapi::{OpenApi, RefOr, path::Operation};

/// The page.
#[must_use]
pub fn page(api: &OpenApi) -> String {
    let mut body = format!(
        "<h1>{} HTTP API</h1><p>{}</p><p>Send <code>Authorization: Bearer …</code>; tokens are made on your account's \
         page or with <code>headroom token create</code>. The document: <a href=\"/api/openapi.json\">openapi.json</a>.</p>",
        escape(&api.info.title),
        escape(api.info.description.as_deref().unwrap_or_default())
    );
    for (path, item) in &api.paths.paths {
        let operations = [("GET", &item.get), ("POST", &item.post), ("PUT", &item.put), ("DELETE", &item.delete)];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                body.push_str(&section(method, path, operation));
            }
        }
    }
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><title>HTTP API · Headroom</title>\
         <style>body{{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}}\
         table{{border-collapse:collapse;width:100%}}td,th{{text-align:left;vertical-align:top;padding:.3rem .6rem;border-top:1px solid #8884}}\
         h2{{margin-top:2.5rem;font-size:1.05rem;font-family:ui-monospace,monospace}}code{{font-size:.9em}}</style></head>\
         <body>{body}</body></html>"
    )
}

fn section(method: &str, path: &str, operation: &Operation) -> String {
    let summary = operation.summary.as_deref().or(operation.description.as_deref()).unwrap_or_default();
    let mut out = format!("<h2>{method} {}</h2><p>{}</p>", escape(path), escape(summary));
    if let Some(parameters) = operation.parameters.as_ref().filter(|parameters| !parameters.is_empty()) {
        out.push_str("<table><thead><tr><th>Parameter</th><th>Meaning</th></tr></thead><tbody>");
        let parameters = parameters.iter().filter_map(|parameter| match parameter {
            RefOr::T(parameter) => Some(parameter),
            RefOr::Ref(_) => None,
        });
        for parameter in parameters {
            out.push_str(&format!(
                "<tr><td><code>{}</code></td><td>{}</td></tr>",
                escape(&parameter.name),
                escape(parameter.description.as_deref().unwrap_or_default())
            ));
        }
        out.push_str("</tbody></table>");
    }
    out.push_str("<table><thead><tr><th>Answer</th><th>Meaning</th></tr></thead><tbody>");
    for (status, response) in &operation.responses.responses {
        let text = match response {
            RefOr::T(response) => response.description.clone(),
            RefOr::Ref(reference) => reference.ref_location.clone(),
        };
        out.push_str(&format!("<tr><td><code>{}</code></td><td>{}</td></tr>", escape(status), escape(&text)));
    }
    out.push_str("</tbody></table>");
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The page with a policy that allows its own style and nothing else.
pub fn respond(page: String) -> Response {
    let mut response = Html(page).into_response();
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
    );
    response
}
