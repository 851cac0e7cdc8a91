//! `/admin/users`: people, their role and team, invitations.

use domain::{
    access::Role,
    view::admin::{UserRow, UsersPage},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        Field, FilterForm, FormAlert, Glyph, Hidden, PageAlert, PageHead, Pagination, Panel, Pick, ScrollBox, Tone,
        chip, errors_of, icon, load, no_errors,
    },
    pages::page_number,
    server_fns::{
        admin::{CreateUser, InviteUser, UpdateUser, load_users},
        me::Once,
    },
    show,
    url::Here,
};

#[derive(Clone, Copy)]
struct Actions {
    create: ServerAction<CreateUser>,
    update: ServerAction<UpdateUser>,
    invite: ServerAction<InviteUser>,
}

/// The page.
#[component]
pub fn Users() -> impl IntoView {
    let params = use_query_map();
    let query = Memo::new(move |_| {
        let params = params.read();
        (params.get("q").unwrap_or_default(), page_number(params.get_str("page")))
    });
    let actions = Actions { create: ServerAction::new(), update: ServerAction::new(), invite: ServerAction::new() };
    let version = move || actions.create.version().get() + actions.update.version().get();
    let page = Resource::new_blocking(move || (query.get(), version()), |((q, page), _)| load_users(q, page));
    view! {
        <PageAlert errors=errors_of(actions.update)/>
        <PageAlert errors=errors_of(actions.invite)/>
        {move || actions.invite.value().get().and_then(Result::ok).map(invitation)}
        {load(page, move |Once { page, secret }| users(page, secret, query.get_untracked().0, actions).into_any())}
    }
    .into_any()
}

/// The link of an invitation that was just made.
fn invitation(link: String) -> AnyView {
    view! {
        <div role="status" class="chip-good mb-4 rounded-box px-4 py-3 text-13">
            <p class="font-semibold">"Send this link to the person. It works once, for 7 days, and is not shown again."</p>
            <p class="mt-1 select-all break-all font-mono text-xs">{link}</p>
        </div>
    }
    .into_any()
}

fn roles() -> Vec<(String, String)> {
    Role::ALL.into_iter().map(|role| (role.key().to_owned(), role.label().to_owned())).collect()
}

fn users(page: UsersPage, secret: Option<String>, q: String, actions: Actions) -> AnyView {
    let here = Here::now();
    let back = here.back();
    let teams = page.teams.iter().map(|team| view! { <option value=team.clone()></option> }).collect_view();
    let rows = page.rows.into_iter().map(|row| line(row, back.clone(), actions)).collect_view();
    view! {
        <PageHead title="Users" sub=show::count(page.page.total, "person", "people")/>
        {secret.map(invitation)}
        <datalist id="teams">{teams}</datalist>
        <div class="grid gap-4 xl:grid-cols-[minmax(0,1fr)_21.5rem]">
            <div class="min-w-0">
                <FilterForm path="/admin/users">
                    <label class="input input-sm w-60 gap-1">
                        {icon(Glyph::Search, "size-3.5 text-ink-3")}
                        <input name="q" placeholder="Name or e-mail" aria-label="Name or e-mail" class="min-w-0" value=q/>
                    </label>
                </FilterForm>
                <section class="panel overflow-hidden" aria-label="People">
                    <ScrollBox label="People">
                        <table class="grid-table edge roomy">
                            <thead>
                                <tr>
                                    <th scope="col">"Person"</th>
                                    <th scope="col">"Role"</th>
                                    <th scope="col" class="max-md:hidden">"Team"</th>
                                    <th scope="col" class="max-lg:hidden">"Manager"</th>
                                    <th scope="col" class="max-md:hidden">"Last seen"</th>
                                    <th scope="col">"State"</th>
                                </tr>
                            </thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </ScrollBox>
                    <Pagination page=page.page here=here/>
                </section>
            </div>
            <aside class="min-w-0">{new_user(actions.create)}</aside>
        </div>
    }
    .into_any()
}

fn new_user(action: ServerAction<CreateUser>) -> AnyView {
    let errors = errors_of(action);
    view! {
        <Panel title="Add a person" note="Without a password until invited">
            <div class="px-4 pb-4">
                <ActionForm action=action>
                    <FormAlert errors=errors/>
                    <div class="space-y-3">
                        <Field form="user" name="name" label="Name" errors=errors required=true/>
                        <Field form="user" name="email" label="E-mail" kind="email" errors=errors required=true/>
                        <Pick form="user" name="role" label="Role" options=roles() value="csm" errors=errors/>
                        <Field form="user" name="team" label="Team" hint="Leaders see the accounts of their team." errors=errors/>
                        <button type="submit" class="btn btn-sm btn-primary text-13">"Add the person"</button>
                    </div>
                </ActionForm>
            </div>
        </Panel>
    }
    .into_any()
}

fn line(row: UserRow, back: String, actions: Actions) -> AnyView {
    let (state, tone) = match (row.active, row.has_password) {
        (false, _) => ("Inactive", Tone::Quiet),
        (true, false) => ("No password yet", Tone::Warn),
        (true, true) => ("Active", Tone::Good),
    };
    let edit = edit(&row, back, actions);
    view! {
        <tr class="align-top">
            <td class="min-w-56 !py-2.5">
                <span class="font-medium">{row.name}</span>
                <span class="block text-xs text-ink-3">{row.email}</span>
                <details class="mt-1">
                    <summary class="act text-xs">"Change"</summary>
                    {edit}
                </details>
            </td>
            <td class="whitespace-nowrap !py-2.5">{row.role.label()}</td>
            <td class="!py-2.5 max-md:hidden">{show::or_dash(row.team)}</td>
            <td class="!py-2.5 max-lg:hidden">{show::or_dash(row.manager)}</td>
            <td class="whitespace-nowrap !py-2.5 max-md:hidden">{row.last_seen}</td>
            <td class="!py-2.5">{chip(state, tone)}</td>
        </tr>
    }
    .into_any()
}

fn edit(row: &UserRow, back: String, actions: Actions) -> AnyView {
    let id = row.id.to_string();
    let form = format!("edit-{id}");
    let team = row.team.clone().unwrap_or_default();
    let (role, active, invited) = (row.role.key(), row.active, id.clone());
    view! {
        <div class="mt-2 max-w-md rounded-box border border-line p-3">
            <ActionForm action=actions.update>
                <Hidden name="user" value=id/>
                <Hidden name="back" value=back/>
                <div class="grid gap-3 sm:grid-cols-2">
                    <Pick form=form.clone() name="role" label="Role" options=roles() value=role errors=no_errors()/>
                    <Field form=form name="team" label="Team" value=team errors=no_errors()/>
                </div>
                <label class="mt-3 flex items-center gap-2 text-13">
                    <input type="checkbox" class="checkbox checkbox-sm" name="active" value="true" checked=active/>
                    "May sign in"
                </label>
                <button type="submit" class="btn btn-sm btn-primary mt-3 text-13">"Save"</button>
            </ActionForm>
            <ActionForm action=actions.invite>
                <Hidden name="user" value=invited/>
                <button type="submit" class="btn btn-sm btn-line mt-2 text-13">"Make an invitation"</button>
            </ActionForm>
        </div>
    }
    .into_any()
}
