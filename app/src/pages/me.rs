//! `/me`: password, theme, API tokens.

use domain::view::inbox::{MePage, TokenRow};
use leptos::prelude::*;

use crate::{
    components::{Field, FormAlert, Hidden, PageAlert, PageHead, Panel, Pick, ScrollBox, Tone, chip, errors_of, load},
    server_fns::{
        me::{ChangePassword, CreateToken, Once, RevokeToken, load_me},
        shell::SetTheme,
    },
};

#[derive(Clone, Copy)]
struct Actions {
    password: ServerAction<ChangePassword>,
    theme: ServerAction<SetTheme>,
    create: ServerAction<CreateToken>,
    revoke: ServerAction<RevokeToken>,
}

/// The page.
#[component]
pub fn Me() -> impl IntoView {
    let actions = Actions {
        password: ServerAction::new(),
        theme: ServerAction::new(),
        create: ServerAction::new(),
        revoke: ServerAction::new(),
    };
    let version =
        move || actions.theme.version().get() + actions.create.version().get() + actions.revoke.version().get();
    let page = Resource::new_blocking(version, |_| load_me());
    view! {
        <PageAlert errors=errors_of(actions.theme)/>
        <PageAlert errors=errors_of(actions.revoke)/>
        {secret(actions.create)}
        {load(page, move |Once { page, secret }| me(page, secret, actions).into_any())}
    }
    .into_any()
}

/// The secret of the token that was just made.
fn secret(create: ServerAction<CreateToken>) -> impl IntoView {
    move || create.value().get().and_then(Result::ok).map(shown_once)
}

fn shown_once(secret: String) -> AnyView {
    view! {
        <div role="status" class="chip-good mb-4 rounded-box px-4 py-3 text-13">
            <p class="font-semibold">"Copy the token now. It is not shown again."</p>
            <p class="mt-1 select-all break-all font-mono text-xs">{secret}</p>
        </div>
    }
    .into_any()
}

fn me(page: MePage, secret: Option<String>, actions: Actions) -> AnyView {
    let team = page.team.map(|team| format!(", team {team}")).unwrap_or_default();
    view! {
        <PageHead title=page.name sub=format!("{}, {}{team}", page.email, page.role)/>
        {secret.map(shown_once)}
        <div class="grid gap-4 lg:grid-cols-2">
            {password(actions.password)} {theme(page.theme, actions.theme)}
            <div class="min-w-0 lg:col-span-2">{tokens(page.tokens, actions)}</div>
        </div>
    }
    .into_any()
}

fn password(action: ServerAction<ChangePassword>) -> AnyView {
    let errors = errors_of(action);
    view! {
        <Panel title="Password">
            <div class="px-4 pb-4">
                <ActionForm action=action>
                    <FormAlert errors=errors/>
                    <div class="space-y-3">
                        <Field form="password" name="old" label="Present password" kind="password" errors=errors required=true autocomplete="current-password"/>
                        <Field form="password" name="new" label="New password" kind="password" hint="At least 10 characters. Your other sessions end." errors=errors required=true autocomplete="new-password"/>
                        <button type="submit" class="btn btn-sm btn-primary text-13">"Change the password"</button>
                    </div>
                </ActionForm>
            </div>
        </Panel>
    }
    .into_any()
}

fn theme(theme: String, action: ServerAction<SetTheme>) -> AnyView {
    let options = [("system", "As the system"), ("light", "Light"), ("dark", "Dark")];
    let options = options.map(|(key, words)| (key.to_owned(), words.to_owned())).to_vec();
    view! {
        <Panel title="Theme">
            <div class="px-4 pb-4">
                <ActionForm action=action>
                    <Hidden name="back" value="/me?done=saved"/>
                    <div class="space-y-3">
                        <Pick form="theme" name="theme" label="Show Headroom" options=options value=theme errors=errors_of(action)/>
                        <button type="submit" class="btn btn-sm btn-line text-13">"Save the theme"</button>
                    </div>
                </ActionForm>
            </div>
        </Panel>
    }
    .into_any()
}

fn tokens(rows: Vec<TokenRow>, actions: Actions) -> AnyView {
    let none = rows.is_empty();
    let rows = rows.into_iter().map(|row| token(row, actions.revoke)).collect_view();
    view! {
        <Panel title="API tokens" note="A token acts as you, within its scopes and your role">
            <ScrollBox label="API tokens">
                <table class="grid-table edge">
                    <thead>
                        <tr>
                            <th scope="col">"Name"</th>
                            <th scope="col">"Begins with"</th>
                            <th scope="col">"Scopes"</th>
                            <th scope="col">"Ends"</th>
                            <th scope="col">"Last used"</th>
                            <th scope="col">"State"</th>
                            <th scope="col"><span class="sr-only">"Actions"</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </ScrollBox>
            {none.then(|| view! { <p class="px-4 py-3 text-13 text-ink-3">"No tokens yet."</p> })}
            {new_token(actions.create)}
        </Panel>
    }
    .into_any()
}

fn token(row: TokenRow, revoke: ServerAction<RevokeToken>) -> AnyView {
    let active = row.state == "active";
    let tone = if active { Tone::Good } else { Tone::Quiet };
    let (id, label) = (row.id, format!("Revoke {}", row.name));
    let button = active.then(|| {
        view! {
            <ActionForm action=revoke>
                <Hidden name="token" value=id/>
                <button type="submit" class="btn btn-xs btn-line" aria-label=label>"Revoke"</button>
            </ActionForm>
        }
    });
    view! {
        <tr>
            <td class="font-medium">{row.name}</td>
            <td class="font-mono text-xs">{row.prefix}</td>
            <td>{row.scopes}</td>
            <td class="whitespace-nowrap">{row.expires}</td>
            <td class="whitespace-nowrap">{row.last_used}</td>
            <td>{chip(row.state, tone)}</td>
            <td class="r">{button}</td>
        </tr>
    }
    .into_any()
}

fn new_token(action: ServerAction<CreateToken>) -> AnyView {
    let errors = errors_of(action);
    let scopes = [("read", "Read"), ("write", "Write"), ("import", "Import"), ("admin", "Administer")];
    let scopes = scopes.map(|(key, words)| {
        view! {
            <label class="flex items-center gap-2 text-13">
                <input type="checkbox" class="checkbox checkbox-sm" name="scopes[]" value=key checked=key == "read"/>
                {words}
            </label>
        }
    });
    let lifetimes = [("30d", "30 days"), ("90d", "90 days"), ("365d", "1 year")];
    let lifetimes = lifetimes.map(|(key, words)| (key.to_owned(), words.to_owned())).to_vec();
    view! {
        <div class="hair px-4 py-4">
            <ActionForm action=action>
                <FormAlert errors=errors/>
                <div class="grid items-start gap-4 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto]">
                    <Field form="token" name="name" label="Name" hint="What uses it." errors=errors required=true/>
                    <Pick form="token" name="expires_in" label="Works for" options=lifetimes value="90d" errors=errors/>
                    <fieldset>
                        <legend class="field-label">"Scopes"</legend>
                        <div class="flex flex-wrap gap-3">{scopes.collect_view()}</div>
                    </fieldset>
                </div>
                <button type="submit" class="btn btn-sm btn-line mt-3 text-13">"Make a token"</button>
            </ActionForm>
        </div>
    }
    .into_any()
}
