//! What only a browser can do. Everything here is called from event handlers and effects, which never run on the server.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, EventSource, FormData, HtmlElement, HtmlFormElement, MessageEvent, UrlSearchParams};

/// Sends the form around the element that changed, as its button would.
pub fn submit_form_of(event: &Event) {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let form = element.and_then(|element| element.closest("form").ok().flatten());
    if let Some(form) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) {
        _ = form.request_submit();
    }
}

/// The filled-in fields of a form as a query, without empty ones.
#[must_use]
pub fn query_of_form(event: &Event) -> String {
    let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
    let data = form.and_then(|form| FormData::new_with_form(&form).ok());
    let params = data.and_then(|data| UrlSearchParams::new_with_str_sequence_sequence(&data).ok());
    let text = params.and_then(|params| params.to_string().as_string()).unwrap_or_default();
    text.split('&').filter(|pair| !pair.is_empty() && !pair.ends_with('=')).collect::<Vec<_>>().join("&")
}

/// The element that has the focus.
#[must_use]
pub fn focused() -> Option<HtmlElement> {
    document().active_element()?.dyn_into().ok()
}

/// Moves the focus to the first element that matches inside a box.
pub fn focus_first(inside: &Element, selector: &str) {
    let found = inside.query_selector(selector).ok().flatten();
    if let Some(element) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        _ = element.focus();
    }
}

/// Keeps Tab inside a box: from the last element it goes to the first, and back. Answers whether it moved the focus.
#[must_use]
pub fn wrap_focus(inside: &Element, backwards: bool) -> bool {
    let Ok(found) = inside.query_selector_all("a[href], button, input, select, textarea, [tabindex='0']") else {
        return false;
    };
    let (first, last) = (found.get(0), found.get(found.length().saturating_sub(1)));
    let (edge, other) = if backwards { (first, last) } else { (last, first) };
    let at_edge = edge.and_then(|edge| edge.dyn_into::<HtmlElement>().ok()) == focused();
    match other.and_then(|other| other.dyn_into::<HtmlElement>().ok()) {
        Some(other) if at_edge => other.focus().is_ok(),
        _ => false,
    }
}

/// Copies text to the clipboard.
pub fn copy(text: &str) {
    _ = window().navigator().clipboard().write_text(text);
}

/// Prints the page.
pub fn print() {
    _ = window().print();
}

/// Listens to live events for as long as the owner lives; an event is a nudge without content (ARCHITECTURE 2).
pub fn listen(path: &str, kinds: &[&str], heard: impl Fn(String) + 'static) {
    let Ok(source) = EventSource::new(path) else { return };
    let closure = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| heard(event.type_()));
    for kind in kinds {
        _ = source.add_event_listener_with_callback(kind, closure.as_ref().unchecked_ref());
    }
    let kept = StoredValue::new_local((source, closure));
    on_cleanup(move || _ = kept.try_with_value(|(source, _)| source.close()));
}

/// Closes the `<details>` around what was clicked.
pub fn close_details_of(event: &Event) {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    if let Some(details) = element.and_then(|element| element.closest("details").ok().flatten()) {
        _ = details.remove_attribute("open");
    }
}
