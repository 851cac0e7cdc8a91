//! Forms: label above, field, hint or error below; the first wrong field says how to put it right (DESIGN 6.20).

use leptos::{prelude::*, server_fn::ServerFn};

use super::{Glyph, icon};
use crate::error::WireError;

/// What the last try of a form answered when it failed.
pub type Errors = Signal<Option<WireError>>;

/// The error of an action's last try; also that of a try without scripts, which comes back in the address.
pub fn errors_of<S>(action: ServerAction<S>) -> Errors
where
    S: ServerFn<Error = WireError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    let value = action.value();
    Signal::derive(move || value.with(|value| value.as_ref().and_then(|result| result.as_ref().err().cloned())))
}

/// No error: for forms whose page shows what went wrong in one place.
#[must_use]
pub fn no_errors() -> Errors {
    Signal::from(None)
}

/// The error of a form as a whole, on top of it.
#[component]
pub fn FormAlert(
    /// What the last try answered.
    errors: Errors,
) -> impl IntoView {
    move || errors.get().map(|error| alert(error.to_string(), Vec::new()))
}

/// The errors of many small forms, in one place of the page that stays in sight, field by field.
#[component]
pub fn PageAlert(
    /// What the last try answered.
    errors: Errors,
) -> impl IntoView {
    let fields = |error: &WireError| match error {
        WireError::Invalid(messages) => {
            messages.iter().filter(|m| !m.field.is_empty()).map(|m| m.message.clone()).collect()
        }
        _ => Vec::new(),
    };
    view! {
        <div class="sticky top-14 z-10">
            {move || errors.get().map(|error| alert(error.to_string(), fields(&error)))}
        </div>
    }
    .into_any()
}

fn alert(text: String, messages: Vec<String>) -> AnyView {
    let messages = messages.into_iter().map(|message| view! { <span class="block">{message}</span> });
    view! {
        <div role="alert" class="chip-bad mb-3 flex items-start gap-2 rounded-field px-3 py-2 text-13">
            <span class="mt-0.5">{icon(Glyph::Warn, "size-4")}</span>
            <span class="min-w-0">{text} {messages.collect_view()}</span>
        </div>
    }
    .into_any()
}

/// A value that the form sends without showing it.
#[component]
pub fn Hidden(
    /// Name.
    name: &'static str,
    /// Value.
    #[prop(into)]
    value: String,
) -> impl IntoView {
    view! { <input type="hidden" name=name value=value/> }.into_any()
}

/// The message below a field, else its hint.
fn below(id: String, hint: String, message: Signal<Option<String>>) -> impl IntoView {
    move || match message.get() {
        Some(text) => view! { <p id=id.clone() class="field-error">{text}</p> }.into_any(),
        None if hint.is_empty() => ().into_any(),
        None => view! { <p id=id.clone() class="field-hint">{hint.clone()}</p> }.into_any(),
    }
}

fn message_of(errors: Errors, key: String) -> Signal<Option<String>> {
    Signal::derive(move || errors.with(|error| error.as_ref().and_then(|error| error.field(&key))))
}

/// The last part of a name: the key of `values[fires_at]` is `fires_at`.
fn key_of(name: &str) -> String {
    name.rsplit('[').next().unwrap_or(name).trim_end_matches(']').to_owned()
}

/// A line of text, a number, a day, a password.
#[component]
pub fn Field(
    /// Prefix that makes the id unique on the page.
    #[prop(into)]
    form: String,
    /// Name in the form.
    #[prop(into)]
    name: String,
    /// Label.
    #[prop(into)]
    label: String,
    /// What the last try answered.
    errors: Errors,
    /// Value to begin with.
    #[prop(optional, into)]
    value: String,
    /// Type of the field.
    #[prop(default = "text")]
    kind: &'static str,
    /// Hint below it.
    #[prop(optional, into)]
    hint: String,
    /// Unit inside it.
    #[prop(optional, into)]
    unit: String,
    /// Must be filled in.
    #[prop(optional)]
    required: bool,
    /// Can't be edited.
    #[prop(optional)]
    disabled: bool,
    /// What browsers may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
) -> impl IntoView {
    let key = key_of(&name);
    let id = format!("{form}-{key}");
    let help = format!("{id}-help");
    let message = message_of(errors, key);
    let class = move || {
        if message.with(Option::is_some) { "input input-sm input-error w-full" } else { "input input-sm w-full" }
    };
    let (label_for, described) = (id.clone(), help.clone());
    view! {
        <div class="min-w-0">
            <label class="field-label" for=label_for>{label}</label>
            <div class=class>
                <input
                    id=id
                    name=name
                    type=kind
                    value=value
                    required=required
                    disabled=disabled
                    autocomplete=autocomplete
                    class="min-w-0 tabular-nums"
                    aria-describedby=described
                    aria-invalid=move || message.with(Option::is_some).then_some("true")
                />
                {(!unit.is_empty()).then(|| view! { <span class="text-xs text-ink-3">{unit}</span> })}
            </div>
            {below(help, hint, message)}
        </div>
    }
    .into_any()
}

/// Several lines of text.
#[component]
pub fn TextBox(
    /// Prefix that makes the id unique on the page.
    #[prop(into)]
    form: String,
    /// Name in the form.
    #[prop(into)]
    name: String,
    /// Label.
    #[prop(into)]
    label: String,
    /// What the last try answered.
    errors: Errors,
    /// Value to begin with.
    #[prop(optional, into)]
    value: String,
    /// Hint below it.
    #[prop(optional, into)]
    hint: String,
    /// Lines shown.
    #[prop(default = 3)]
    rows: u32,
    /// Must be filled in.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let key = key_of(&name);
    let id = format!("{form}-{key}");
    let help = format!("{id}-help");
    let message = message_of(errors, key);
    let class =
        move || if message.with(Option::is_some) { "textarea textarea-error w-full" } else { "textarea w-full" };
    let (label_for, described) = (id.clone(), help.clone());
    view! {
        <div class="min-w-0">
            <label class="field-label" for=label_for>{label}</label>
            <textarea
                id=id
                name=name
                rows=rows.to_string()
                required=required
                class=class
                aria-describedby=described
                aria-invalid=move || message.with(Option::is_some).then_some("true")
            >
                {value}
            </textarea>
            {below(help, hint, message)}
        </div>
    }
    .into_any()
}

/// One of several.
#[component]
pub fn Pick(
    /// Prefix that makes the id unique on the page.
    #[prop(into)]
    form: String,
    /// Name in the form.
    #[prop(into)]
    name: String,
    /// Label.
    #[prop(into)]
    label: String,
    /// What the last try answered.
    errors: Errors,
    /// Value and words of each.
    options: Vec<(String, String)>,
    /// The chosen value.
    #[prop(optional, into)]
    value: String,
    /// Hint below it.
    #[prop(optional, into)]
    hint: String,
) -> impl IntoView {
    let key = key_of(&name);
    let id = format!("{form}-{key}");
    let help = format!("{id}-help");
    let message = message_of(errors, key);
    let class = move || {
        if message.with(Option::is_some) { "select select-sm select-error w-full" } else { "select select-sm w-full" }
    };
    let (label_for, described) = (id.clone(), help.clone());
    let options = options.into_iter().map(|(option, words)| {
        let selected = option == value;
        view! { <option value=option selected=selected>{words}</option> }
    });
    view! {
        <div class="min-w-0">
            <label class="field-label" for=label_for>{label}</label>
            <select
                id=id
                name=name
                class=class
                aria-describedby=described
                aria-invalid=move || message.with(Option::is_some).then_some("true")
            >
                {options.collect_view()}
            </select>
            {below(help, hint, message)}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_of_a_map_is_known_by_its_own_key() {
        assert_eq!(key_of("values[fires_at]"), "fires_at");
        assert_eq!(key_of("email"), "email");
    }
}
