//! The account that the tests start from: Acme Corp on 2 Feb 2026, on plan Business with 50 seats at $1,000 to 30 Sep.

use std::collections::BTreeMap;

use super::{OpportunityType, Stage, input::Input};
use crate::{
    account::{
        AccountSnapshot, Cached, Context, Contract, ContractStatus, Customer, CustomerStatus, Expansion,
        KnownOpportunity, Market, PeerGroup, Product, Series, Stakeholder, StakeholderRole,
    },
    calendar::Calendar,
    id::{ContractId, CustomerId, OpportunityId, ProductId, SignalId, StakeholderId},
    money::Money,
    signal::{
        Blocker, Evidence, EvidenceSource, RuleKey,
        episode::{Episode, SignalStatus},
    },
    time::{At, Day},
};

pub const BUSINESS: ProductId = ProductId(2);
pub const PREMIUM: ProductId = ProductId(3);
pub const ANALYTICS: ProductId = ProductId(10);
pub const API_PLUS: ProductId = ProductId(11);
pub const STORAGE: ProductId = ProductId(12);

#[derive(Debug)]
pub struct Sample {
    pub account: AccountSnapshot,
    pub market: Market,
    pub peers: PeerGroup,
    pub live: Vec<Episode>,
    pub blockers: Vec<Blocker>,
}

impl Sample {
    pub fn new() -> Sample {
        Sample {
            account: account(),
            market: market(),
            peers: PeerGroup::default(),
            live: Vec::new(),
            blockers: Vec::new(),
        }
    }

    pub fn today(&self) -> Day {
        Day::from_ymd(2026, 2, 2).unwrap()
    }

    /// 09:00 on a day relative to today.
    pub fn at(&self, days: i32) -> At {
        (self.today() + days).start_utc().plus_seconds(9 * 3600)
    }

    pub fn input(&self) -> Input<'_> {
        Input {
            account: &self.account,
            context: Context { now: self.at(0), today: self.today(), market: &self.market, peers: &self.peers },
            calendar: Calendar::default(),
            currency: "USD",
            live: &self.live,
            conversation_blockers: &self.blockers,
        }
    }

    pub fn contract(&mut self) -> &mut Contract {
        &mut self.account.contracts[0]
    }

    pub fn usage(&mut self, metric: &str, value: f64) {
        let points = vec![(self.today() - 1, value)];
        self.account.usage.insert(metric.to_owned(), Series { points });
    }

    pub fn stakeholder(
        &mut self,
        id: i64,
        name: &str,
        role: Option<StakeholderRole>,
        engagement: Option<f64>,
        ago: Option<i32>,
    ) {
        let last_contact_on = ago.map(|days| self.today() - days);
        self.account.stakeholders.push(Stakeholder {
            id: StakeholderId(id),
            name: name.to_owned(),
            email: None,
            title: None,
            role,
            engagement,
            last_contact_on,
        });
    }

    pub fn expansion(&mut self, days: i32) {
        let booked_on = self.today() + days;
        self.account.expansions.push(Expansion {
            booked_on,
            arr_delta: Money::units(5_000),
            kind: None,
            product: None,
        });
    }

    pub fn closed(&mut self, stage: Stage, days: i32) {
        let closed_on = Some(self.today() + days);
        let record = self.record(OpportunityType::TierUpgrade, None, "Business tier");
        (record.stage, record.closed_on) = (stage, closed_on);
    }

    /// Adds a record in stage qualified; ids count from 1.
    pub fn record(&mut self, kind: OpportunityType, product: Option<ProductId>, name: &str) -> &mut KnownOpportunity {
        let id = OpportunityId(self.account.opportunities.len() as i64 + 1);
        self.account.opportunities.push(KnownOpportunity {
            id,
            external_id: Some(format!("OPP-{}", id.0)),
            name: name.to_owned(),
            kind,
            stage: Stage::Qualified,
            estimated_value: None,
            product,
            closed_on: None,
            source: None,
        });
        self.account.opportunities.last_mut().unwrap()
    }

    /// Adds a live signal that was seen `ago` days ago.
    pub fn signal(&mut self, rule: RuleKey, leads_to: OpportunityType, strength: f64, ago: i32) -> &mut Episode {
        let id = SignalId(self.live.len() as i64 + 1);
        let observed_at = self.at(-ago);
        let title = format!("{} of the test", rule.label());
        let evidence = Evidence::new(EvidenceSource::Usage, "active_users", title.clone());
        self.live.push(Episode {
            id,
            rule,
            subject: String::new(),
            rule_version: 1,
            status: SignalStatus::Detected,
            strength,
            leads_to,
            product: None,
            general: matches!(rule, RuleKey::BudgetDiscussion | RuleKey::GrowthGoals | RuleKey::HealthThreshold),
            supports_only: rule == RuleKey::HealthThreshold,
            title,
            opened_at: observed_at,
            observed_at,
            last_held_on: observed_at.day_utc(),
            closed_at: None,
            quiet_until: None,
            reach: None,
            asked_quantity: None,
            evidence: vec![evidence],
        });
        self.live.last_mut().unwrap()
    }
}

fn account() -> AccountSnapshot {
    AccountSnapshot {
        customer: Customer {
            id: CustomerId(1),
            external_id: "acme".to_owned(),
            name: "Acme Corp".to_owned(),
            status: CustomerStatus::Active,
            industry: None,
            segment: Some("mid_market".to_owned()),
            arr: Some(Money::units(50_000)),
            health_score: None,
            primary_department: Some("Operations".to_owned()),
            csm: None,
            sales_rep: None,
            created_on: Day::from_ymd(2023, 10, 1),
            churned_on: None,
        },
        contracts: vec![Contract {
            id: ContractId(1),
            external_id: "C-1".to_owned(),
            plan: Some(BUSINESS),
            status: ContractStatus::Active,
            starts_on: Day::from_ymd(2024, 10, 1).unwrap(),
            ends_on: Day::from_ymd(2026, 9, 30),
            term_months: Some(12),
            licensed_seats: Some(50),
            price_per_seat_annual: Some(Money::units(1_000)),
            annual_value: Some(Money::units(50_000)),
            price_book: Some("2024".to_owned()),
            entitlements: Vec::new(),
        }],
        usage: BTreeMap::new(),
        users: Vec::new(),
        stakeholders: Vec::new(),
        health: Vec::new(),
        meetings: Vec::new(),
        tickets: Vec::new(),
        expansions: Vec::new(),
        opportunities: Vec::new(),
        last_outreach: None,
        heard: Cached::default(),
    }
}

fn market() -> Market {
    let product = |id, name: &str, tier, price: i64, unit: &str, metric: Option<&str>| Product {
        id,
        sku: name.to_lowercase().replace(' ', "-"),
        name: name.to_owned(),
        family: None,
        plan_tier: tier,
        list_price_annual: Some(Money::units(price)),
        price_unit: Some(unit.to_owned()),
        metric: metric.map(str::to_owned),
        aliases: Vec::new(),
    };
    Market {
        products: vec![
            product(ProductId(1), "Starter", Some(1), 20_000, "flat", None),
            product(BUSINESS, "Business", Some(2), 60_000, "flat", None),
            product(PREMIUM, "Premium", Some(3), 135_000, "flat", None),
            product(ANALYTICS, "Advanced Analytics", None, 30_000, "flat", None),
            product(API_PLUS, "API Plus", None, 15_000, "flat", Some("api_calls")),
            product(STORAGE, "Storage Pack", None, 4_000, "flat", Some("storage_gb")),
        ],
        current_price_book: Some("2026".to_owned()),
        competitors: vec![vec!["Rivalytics".to_owned()]],
        departments: Vec::new(),
        gauges: Vec::new(),
        multi_year_rate_milli: 150,
        healthy_at: 60.0,
        listener: Cached::default(),
    }
}
