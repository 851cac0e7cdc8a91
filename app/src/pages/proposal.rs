//! `/proposal/{found}`: a printable proposal: need, evidence, offer, price, terms (PRODUCT 5).

use domain::{id::FoundId, view::finder::Proposal};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::{
    browser,
    components::{Glyph, icon, load},
    context,
    error::WireError,
    server_fns::steps::load_proposal,
    show,
};

/// The proposal.
#[component]
pub fn ProposalPage() -> impl IntoView {
    let params = use_params_map();
    let found = Memo::new(move |_| params.with(|params| params.get("found")).and_then(|id| id.parse::<FoundId>().ok()));
    let proposal = Resource::new_blocking(
        move || found.get(),
        |found| async move {
            match found {
                Some(found) => load_proposal(found).await,
                None => Err(WireError::NotFound),
            }
        },
    );
    load(proposal, |proposal| document(proposal).into_any())
}

fn document(proposal: Proposal) -> AnyView {
    let hydrated = context::hydrated();
    let part = |title: &'static str, lines: Vec<String>| {
        let lines = lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
        view! {
            <section class="mt-5">
                <h2 class="mb-1.5 text-sm font-semibold">{title}</h2>
                <ul class="list-disc space-y-1 pl-5">{lines}</ul>
            </section>
        }
    };
    let inputs = proposal.price.inputs.into_iter().map(|(label, text)| {
        view! {
            <tr class="border-t border-line">
                <th scope="row" class="py-1.5 text-left font-normal">{label}</th>
                <td class="py-1.5 text-right tabular-nums">{text}</td>
            </tr>
        }
    });
    let inputs = inputs.collect_view();
    view! {
        <Title text=format!("Proposal for {}", proposal.account)/>
        <div class="no-print mb-3 flex items-center gap-2">
            <a class="btn btn-sm btn-quiet gap-1.5 text-13" href="/finder">{icon(Glyph::Left, "size-3.5")} "Finder"</a>
            <button type="button" class=move || if hydrated.get() { "btn btn-sm btn-primary ml-auto text-13" } else { "hidden" } on:click=move |_| browser::print()>
                "Print or save as PDF"
            </button>
        </div>
        <article class="panel mx-auto max-w-3xl px-8 py-8 text-sm max-sm:px-5">
            <p class="eyebrow">{format!("Proposal, {}", proposal.dated)}</p>
            <h1 class="mt-1 text-xl font-semibold leading-7 tracking-[-0.018em]">{format!("{} for {}", proposal.name, proposal.account)}</h1>
            <p class="mt-1 text-13 text-ink-2">
                {proposal.to.map(|to| format!("For {to}. "))} {format!("From {}.", proposal.from)}
            </p>
            {part("What you need", proposal.need)}
            {part("What it rests on", proposal.evidence)}
            {part("What we offer", proposal.offer)}
            <section class="mt-5">
                <h2 class="mb-1.5 text-sm font-semibold">"Price"</h2>
                <table class="w-full text-13">
                    <caption class="mb-1 text-left text-xs text-ink-3">{proposal.price.method}</caption>
                    <tbody>{inputs}</tbody>
                    <tfoot>
                        <tr class="border-t border-line font-semibold">
                            <th scope="row" class="py-1.5 text-left">"Per year"</th>
                            <td class="py-1.5 text-right tabular-nums">{show::money_or(proposal.price.expected, "to be agreed")}</td>
                        </tr>
                    </tfoot>
                </table>
            </section>
            {part("Terms", proposal.terms)}
        </article>
    }
    .into_any()
}
