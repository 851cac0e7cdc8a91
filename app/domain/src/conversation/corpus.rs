//! Sentences with what must be heard in them. All are said by an executive sponsor of the customer in a business review,
//! unless the text brings its own speakers. A line lists everything that counts, and nothing else may.

use super::*;
use crate::{
    account::{Cached, Market, Meeting, MeetingKind, Product, Stakeholder, StakeholderRole},
    id::{ProductId, StakeholderId},
};

/// What a text must give: `topic`, `topic about`, `blocker key`, separated by `;`.
const CORPUS: &[(&str, &str)] = &[
    // Explicit requests: seats.
    (
        "Finance, Legal and Support all want in. Can you tell me what thirty more seats would look like?",
        "request seats 30; department Finance; department Legal; department Support",
    ),
    ("Three departments are requesting access.", "request seats"),
    ("Can we get 30 additional licences by March?", "request seats 30"),
    ("We need about twenty-five more seats for the new office.", "request seats 25"),
    ("Please send us a quote for another 12 seats.", "request seats 12"),
    ("How much would a dozen extra licenses cost?", "request seats 12"),
    ("We'd like to add a couple of seats.", "request seats"),
    ("Could you add 15 users to our contract?", "request seats 15"),
    ("We want to buy 1,200 licences for the whole group.", "request seats 1200"),
    ("How do we add more users?", "request seats"),
    ("We're going to need more seats soon.", "request seats"),
    ("Let's increase our seats from 50 to 80.", "request seats 30"),
    ("If possible, please quote 40 more seats.", "request seats 40"),
    ("Let me know if you can add 10 seats this week.", "request seats 10"),
    ("We don't need the Analytics Module, but can you quote thirty more seats?", "request seats 30; blocker not_now"),
    ("We're running out of seats. Can we get more?", "request seats"),
    ("We could use ten more licences.", "request seats 10"),
    ("I'd like pricing for 20 more seats.", "request seats 20"),
    ("Can't wait to add the 30 extra seats we want.", "request seats 30"),
    ("We are ready to order fifty more seats.", "request seats 50"),
    // … that are none.
    ("We don't need more seats.", "blocker not_now"),
    ("We have no plans to add seats this year.", "blocker not_now"),
    ("If we had budget, we'd take thirty more seats.", ""),
    ("Thirty more seats would be nice someday.", ""),
    ("In theory we need fifty more seats.", ""),
    ("Last year we wanted thirty more seats.", ""),
    ("How many seats do we have?", ""),
    ("Can you explain the extra seats on our invoice?", ""),
    ("Why were we charged for 30 more seats?", ""),
    ("We need more seats in the meeting room.", ""),
    ("We want more users to adopt it.", ""),
    ("Can you tell us who is using the unused seats?", ""),
    ("We need to remove 20 seats.", "blocker wants_less"),
    ("Could we reduce our licences by ten at renewal?", "blocker wants_less"),
    ("We might need more seats at some point.", ""),
    ("We're running out of seats.", ""),
    ("Can you tell me more about the seat assignment?", ""),
    ("Where is the licence key?", ""),
    // Tier, product, add-on.
    ("We want to upgrade to the Enterprise plan.", "request tier Enterprise plan"),
    ("What would moving to Enterprise cost us?", "request tier Enterprise plan"),
    ("Can we upgrade our plan next month?", "request tier"),
    ("Please send a proposal for the next tier.", "request tier"),
    ("We'd like to buy the Analytics Module.", "request product Analytics Module"),
    ("Can you send us pricing for Advanced Analytics?", "request product Analytics Module"),
    ("What does API Plus cost?", "request product API Plus"),
    ("We need the Analytics Module for the board pack.", "request product Analytics Module"),
    ("Can you raise our API limit?", "request add-on api"),
    ("We need more storage.", "request add-on storage"),
    ("How much is an additional 500 GB of storage?", "request add-on storage"),
    ("We won't upgrade to Enterprise.", ""),
    ("Can you confirm we are on the Professional plan?", ""),
    ("We upgraded to version 3 of the browser.", ""),
    ("We want to downgrade to Professional.", "blocker wants_less"),
    ("We would upgrade to Enterprise if the board ever allowed it.", ""),
    ("We're not interested in the Analytics Module.", "blocker not_now"),
    // Budget.
    ("We have set aside budget for this in Q1.", "budget"),
    ("The budget is approved.", "budget"),
    ("We got budget for Q1.", "budget"),
    ("Our CFO signed off on the budget last week.", "budget"),
    ("There's budget left that we need to spend before June.", "budget"),
    ("Budget for this was confirmed by the board.", "budget"),
    ("Our parent company has budget for it.", "budget"),
    ("Money is not an issue this year.", "budget"),
    ("We have more budget than last year.", "budget"),
    ("We've budgeted for an expansion.", "budget"),
    ("No, we have budget for it, that's fine.", "budget"),
    ("We have set aside budget for Q1, can you send an agenda?", "budget"),
    ("The team is happy, and finance has allocated funds for next year.", "budget"),
    ("I can confirm budget availability for Q1.", "budget"),
    ("There is room in the budget.", "budget"),
    // … that is none.
    ("We have no budget this year.", "blocker no_budget"),
    ("There is no budget for that.", "blocker no_budget"),
    ("We don't have budget for more seats right now.", "blocker no_budget"),
    ("If we had budget we would do it.", ""),
    ("We had budget last year.", ""),
    ("We had set aside budget, and then the merger came.", ""),
    ("The migration has blown our budget completely.", "blocker no_budget"),
    ("Do we have budget for that?", ""),
    ("Is the budget approved?", ""),
    ("Our budget was cut by 20%.", "blocker budget_cut"),
    ("Budgets are frozen until July.", "blocker no_budget"),
    ("Let's talk about budget next time.", ""),
    ("The budget report has a bug.", ""),
    ("We have a budget meeting on Monday.", ""),
    ("We are waiting for the budget to be approved.", ""),
    ("We hope to have budget next quarter.", ""),
    ("I know you have the budget to build it.", ""),
    ("We can't afford it.", "blocker no_budget"),
    ("Our budget is tight.", "blocker no_budget"),
    ("Management told us to cut costs.", "blocker budget_cut"),
    ("Your product helps us cut costs.", ""),
    ("Once the budget is approved we can talk.", ""),
    // Departments.
    ("Our Finance team wants to start using it too.", "department Finance"),
    ("Marketing has been asking for access.", "department Marketing"),
    ("We'd like to roll this out to Support next quarter.", "department Support"),
    ("Can we get Legal on board?", "department Legal"),
    ("The HR team would love a demo.", "department HR"),
    ("We plan to extend it to Operations and Engineering.", "department Operations; department Engineering"),
    ("The data team is interested in using the platform.", "department Data"),
    ("IT could use it as well.", "department IT"),
    ("Could you set up a trial for our Sales team?", "department Sales"),
    ("Human Resources wants to join the platform.", "department HR"),
    ("We were just talking about expanding our usage to include our European operations.", ""),
    (
        "We were just talking about expanding our usage to include our European operations. What would that look like from a licensing perspective?",
        "request seats",
    ),
    // … that are none.
    ("Finance wants the invoice by Friday.", ""),
    ("Legal needs to review the contract.", ""),
    ("Marketing doesn't want to use it.", ""),
    ("Does Finance want access?", ""),
    ("If Finance wanted in, we'd tell you.", ""),
    ("Your support team has been great.", ""),
    ("The product is fine and the data looks right.", ""),
    ("Legal wants to join the call tomorrow.", ""),
    ("Security asked for the questionnaire.", ""),
    ("Last year Marketing wanted access.", ""),
    // Interest.
    ("Asked about Advanced Analytics capabilities", "interest Analytics Module"),
    ("Can you tell us more about the Analytics Module?", "interest Analytics Module"),
    ("How does Advanced Analytics work?", "interest Analytics Module"),
    ("We're interested in the Analytics Module.", "interest Analytics Module"),
    ("Could we see a demo of API Plus?", "interest API Plus"),
    ("Do you support SSO?", "interest single sign-on"),
    ("Is there an audit log?", "interest audit log"),
    ("What is included in the Enterprise plan?", "interest Enterprise plan"),
    ("We asked about the Smart Routing module.", "interest Smart Routing"),
    ("We would love to try anomaly detection.", "interest anomaly detection"),
    ("Is forecasting part of our plan?", "interest forecasting"),
    // … that is none.
    ("We already have the Analytics Module.", ""),
    ("The Analytics Module is not working.", ""),
    ("We are not interested in a demo of the Analytics Module.", "blocker not_now"),
    ("The audit log shows an error.", ""),
    ("It would be nice to have the Analytics Module someday.", ""),
    ("We looked at Advanced Analytics two years ago.", ""),
    // Comparison.
    ("How does your reporting compare to Tableau?", "comparison Tableau"),
    ("How does your reporting compare?", "comparison"),
    ("We're replacing Tableau with you.", "comparison Tableau"),
    ("We are moving everything off Zendesk onto your platform.", "comparison Zendesk"),
    ("Power BI has forecasting, do you?", "comparison Power BI"),
    ("Tableau has better dashboards. Can you do that too?", "comparison Tableau"),
    ("What's the difference between you and Looker?", "comparison Looker"),
    ("We're consolidating our old tools onto your platform.", "comparison"),
    ("Can you match Tableau's dashboards?", "comparison Tableau"),
    ("We won't renew Zendesk in May.", "comparison Zendesk"),
    // … that is none.
    ("How does Q1 compare to Q4?", ""),
    ("We're thinking about replacing you with Tableau.", "blocker churn_threat"),
    ("We might switch to Zendesk.", "blocker churn_threat"),
    ("We're also looking at Tableau as an alternative.", "blocker evaluating_competitor"),
    ("Tableau crashed yesterday.", ""),
    ("We're considering the Salesforce integration.", ""),
    ("If we replaced Tableau, would that be allowed?", ""),
    // Growth.
    ("We plan to grow the team by 40 percent this year.", "growth"),
    ("Our goal is to double revenue by 2027.", "growth"),
    ("We're opening two new offices in Spain.", "growth"),
    ("We are expanding into Asia next year.", "growth"),
    ("We'll be hiring 50 people in sales.", "growth"),
    ("Growth is our top priority.", "growth"),
    // … that is none.
    ("We are not growing this year.", ""),
    ("There is growing frustration in the team.", ""),
    ("If we grew we'd need it.", ""),
    ("We grew a lot last year.", ""),
    ("There is a hiring freeze.", "blocker hiring_freeze"),
    // Other blockers.
    ("Our champion Dana has left the company.", "blocker champion_left"),
    ("Our CFO is questioning whether we should continue with this platform.", "blocker executive_review"),
    ("We are not going to renew the contract.", "blocker churn_threat"),
    ("We're not looking at other vendors.", ""),
    ("Nobody left the company.", ""),
    ("The hiring freeze is over.", ""),
    ("The expansion project is on hold.", "blocker not_now"),
    // Whose words: the vendor's pitch and unknown speakers count for nothing.
    ("Maya (vendor): You should add thirty more seats. Budget is approved, I hear.", ""),
    ("Maya (vendor): We have no budget for discounts.\nSarah Chen (customer): Fine.", ""),
    (
        "Maya (vendor): Would you like a demo of the Analytics Module?\nSarah Chen (customer): Yes, we'd be interested in that.",
        "interest Analytics Module",
    ),
    (
        "Maya (vendor): Would you like a demo of the Analytics Module?\nSarah Chen (customer): No, we are not interested in that.",
        "",
    ),
    ("Somebody: We need thirty more seats and budget is approved.", ""),
    ("Sarah: We need thirty more seats.", "request seats 30"),
    (
        "Sarah Chen (customer): We use Tableau in finance today.\nMaya (vendor): I see.\nSarah Chen (customer): How does your reporting compare?",
        "comparison Tableau",
    ),
    (
        "Sarah Chen (customer): We may cancel our contract.\nSarah Chen (customer): What would thirty more seats cost?",
        "blocker churn_threat",
    ),
];

/// A product of the small catalogue.
pub(crate) fn product(id: i64, name: &str, tier: Option<i64>, metric: Option<&str>, aliases: &[&str]) -> Product {
    Product {
        id: ProductId(id),
        sku: format!("SKU-{id}"),
        name: name.into(),
        family: None,
        plan_tier: tier,
        list_price_annual: None,
        price_unit: None,
        metric: metric.map(str::to_owned),
        aliases: aliases.iter().map(|a| (*a).to_owned()).collect(),
    }
}

/// A market with the usual names and a small catalogue.
pub(crate) fn market() -> Market {
    Market {
        products: vec![
            product(1, "Professional plan", Some(1), None, &[]),
            product(2, "Business plan", Some(2), None, &[]),
            product(3, "Enterprise plan", Some(3), None, &[]),
            product(4, "Analytics Module", None, None, &["Advanced Analytics"]),
            product(5, "API Plus", None, Some("api_calls"), &[]),
        ],
        current_price_book: None,
        competitors: defaults::COMPETITORS.iter().map(|c| c.iter().map(|n| (*n).to_owned()).collect()).collect(),
        departments: defaults::DEPARTMENTS.iter().map(|d| (*d).to_owned()).collect(),
        gauges: Vec::new(),
        multi_year_rate_milli: 150,
        healthy_at: 60.0,
        listener: Cached::default(),
    }
}

/// The sponsor who says the sentences.
pub(crate) fn sarah() -> Stakeholder {
    Stakeholder {
        id: StakeholderId(1),
        name: "Sarah Chen".into(),
        email: Some("sarah@acme.example".into()),
        title: Some("VP Operations".into()),
        role: Some(StakeholderRole::ExecSponsor),
        engagement: Some(88.0),
        last_contact_on: None,
    }
}

/// A call on a day with this transcript.
pub(crate) fn talk(on: &str, transcript: &str) -> Meeting {
    let held_at: crate::time::At = format!("{on}T14:12:00Z").parse().unwrap();
    Meeting { id: MeetingId(held_at.0 / 86_400_000), held_at, kind: MeetingKind::Call, ..review(transcript) }
}

/// Acme Corp of the rules' tests with Sarah as its sponsor and these meetings.
pub(crate) fn acme_with(meetings: &[Meeting]) -> AccountSnapshot {
    AccountSnapshot { stakeholders: vec![sarah()], meetings: meetings.to_vec(), ..crate::signal::fixture::acme() }
}

/// A business review with this transcript.
pub(crate) fn review(transcript: &str) -> Meeting {
    Meeting {
        id: MeetingId(1),
        external_id: "m-1".into(),
        held_at: "2026-01-28T14:12:00Z".parse().unwrap(),
        kind: MeetingKind::Qbr,
        title: None,
        transcript: transcript.into(),
        attendees: None,
    }
}

/// Everything that counts in an analysis, as the corpus writes it.
pub(crate) fn summary(analysis: &Analysis, market: &Market) -> Vec<String> {
    let name = |id: ProductId| market.product(id).map(|p| p.name.clone()).unwrap_or_default();
    let mut all: Vec<String> = analysis
        .mentions
        .iter()
        .filter(|m| m.not_counted.is_none())
        .map(|m| {
            let about = match m.topic {
                Topic::Request => {
                    let what = match m.ask {
                        Some(Ask::Seats) => "seats".to_owned(),
                        Some(Ask::Tier) => format!("tier {}", m.product.map(name).unwrap_or_default()),
                        Some(Ask::Product) => format!("product {}", m.product.map(name).unwrap_or_default()),
                        Some(Ask::AddOn) => format!("add-on {}", m.feature.clone().unwrap_or_default()),
                        None => String::new(),
                    };
                    format!("request {what} {}", m.quantity.map(|q| q.to_string()).unwrap_or_default())
                }
                Topic::Budget => "budget".into(),
                Topic::Department => format!("department {}", m.departments.join(" ")),
                Topic::Interest => {
                    format!("interest {}", m.product.map(name).or(m.feature.clone()).unwrap_or_default())
                }
                Topic::Comparison => format!("comparison {}", m.competitor.clone().unwrap_or_default()),
                Topic::Growth => "growth".into(),
            };
            about.trim().to_owned()
        })
        .chain(analysis.blockers.iter().map(|b| format!("blocker {}", b.key)))
        .collect();
    all.sort();
    all.dedup();
    all
}

/// Runs a table; the lines that differ.
fn differences(corpus: &[(&str, &str)]) -> Vec<String> {
    let market = market();
    let listener = Listener::new(&market);
    let mut wrong = Vec::new();
    for (text, wanted) in corpus {
        let has_speakers = ["): ", "From: ", "[00:"].iter().any(|mark| text.contains(mark))
            || text.starts_with("Somebody:")
            || text.starts_with("Sarah:");
        let transcript = if has_speakers { (*text).to_owned() } else { format!("Sarah Chen (customer): {text}") };
        let heard = analyse(&review(&transcript), &[sarah()], "Acme Corp", &listener);
        let mut wanted: Vec<String> =
            wanted.split(';').map(|w| w.trim().to_owned()).filter(|w| !w.is_empty()).collect();
        wanted.sort();
        let got = summary(&heard, &market);
        if got != wanted {
            wrong.push(format!("{text}\n    wanted {wanted:?}\n    got    {got:?}"));
        }
    }
    wrong
}

#[test]
fn every_sentence_of_the_corpus_is_heard_as_written() {
    assert!(CORPUS.len() >= 120, "{}", CORPUS.len());
    let wrong = differences(CORPUS);
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), CORPUS.len(), wrong.join("\n"));
}

#[test]
fn the_other_tables_are_heard_as_written_too() {
    for table in [super::corpus_second::SECOND, super::corpus_third::THIRD] {
        let wrong = differences(table);
        assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), table.len(), wrong.join("\n"));
    }
}
