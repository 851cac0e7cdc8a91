//! What a scan needs besides the accounts: settings in force, the catalogue, and what peers own and use.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use domain::{
    account::{AccountSnapshot, Context, Market, Product},
    calendar::Calendar,
    conversation::{BLOCKER_DAYS, talk::LOOK_BACK},
    id::CustomerId,
    peers::PeerIndex,
    signal::{RuleKey, RuleSettings, rules},
    time::At,
};
use store::scan::{
    Accounts, AsOf, Loader,
    portfolio::{self, Portfolio},
};

use crate::{Result, Services, org::Org};

/// From this part of all accounts on, an incremental scan works out the whole portfolio anew: one in five.
const LARGE_PART: usize = 5;

/// What is the same for all accounts of a scan.
pub(super) struct Setup {
    pub(super) as_of: AsOf,
    pub(super) calendar: Calendar,
    pub(super) currency: String,
    pub(super) cool_down_days: i32,
    pub(super) market: Market,
    pub(super) rules: BTreeMap<RuleKey, RuleSettings>,
    peers: Arc<PeerIndex>,
}

impl Setup {
    /// Settings and catalogue as they are at an instant, nobody with peers yet.
    async fn without_peers(services: &Services, now: At) -> Result<Setup> {
        let org = Org::load(services, now).await?;
        let rules = store::settings::rules(services.db.read()).await?;
        Ok(Setup {
            as_of: AsOf { now, today: org.calendar.day_of(now), meeting_days: meeting_days(&rules) },
            calendar: org.calendar,
            currency: org.currency.clone(),
            cool_down_days: i32::try_from(org.cool_down_days).unwrap_or(i32::MAX),
            market: org.market(store::products::all(services.db.read()).await?),
            rules,
            peers: Arc::default(),
        })
    }

    /// Departments come from the settings and from the people who use the product (CONTRACT 5).
    fn listen_for(&mut self, departments: &[String]) {
        for department in departments {
            if !self.market.departments.iter().any(|known| known.eq_ignore_ascii_case(department)) {
                self.market.departments.push(department.clone());
            }
        }
    }

    /// What a rule is given for an account.
    pub(super) fn context(&self, account: &AccountSnapshot) -> Context<'_> {
        Context {
            now: self.as_of.now,
            today: self.as_of.today,
            market: &self.market,
            peers: self.peers.group_for(account.customer.id),
        }
    }
}

/// How far back a rule, or a blocker that was said, looks into meetings.
fn meeting_days(settings: &BTreeMap<RuleKey, RuleSettings>) -> i64 {
    let look_back = |rule: &&dyn domain::signal::Rule| {
        let info = rule.info();
        let setting = info.settings.iter().find(|setting| setting.key == LOOK_BACK.key)?;
        Some(settings.get(&info.key).map_or(setting.default_milli / 1000, |settings| settings.whole(setting)))
    };
    // The day that is cut off at the far end belongs to the window too.
    rules::all().iter().filter_map(look_back).fold(BLOCKER_DAYS, i64::max) + 1
}

/// The portfolio of the last full scan with its peer groups, read once per process and change.
#[derive(Debug, Clone, Default)]
pub struct PeerCache(Arc<Mutex<Option<Kept>>>);

#[derive(Debug, Clone)]
struct Kept {
    worked_out_at: At,
    /// Groups are named after plans.
    products: Vec<Product>,
    portfolio: Arc<Portfolio>,
    peers: Arc<PeerIndex>,
}

impl PeerCache {
    /// What the last full scan kept; none before the first.
    async fn kept(&self, services: &Services, market: &Market) -> Result<Option<Kept>> {
        let Some(worked_out_at) = portfolio::kept_at(&services.db).await? else { return Ok(None) };
        if let Ok(known) = self.0.lock()
            && let Some(known) = known.as_ref()
            && known.worked_out_at == worked_out_at
            && known.products == market.products
        {
            return Ok(Some(known.clone()));
        }
        let Some(portfolio) = portfolio::kept(&services.db).await? else { return Ok(None) };
        let peers = Arc::new(PeerIndex::build(portfolio.facts.iter().cloned(), market));
        let kept = Kept { worked_out_at, products: market.products.clone(), portfolio: Arc::new(portfolio), peers };
        if let Ok(mut known) = self.0.lock() {
            *known = Some(kept.clone());
        }
        Ok(Some(kept))
    }
}

/// For a scan of all accounts: works out the portfolio and keeps it.
pub(super) async fn for_all(services: &Services, now: At) -> Result<Arc<Setup>> {
    let setup = Setup::without_peers(services, now).await?;
    work_out(services, setup).await
}

/// For some accounts: reads the portfolio that the last full scan kept, with these accounts as they are now. Before the
/// first full scan, and for a large part of all accounts, it is worked out.
pub(super) async fn for_some(services: &Services, now: At, accounts: &[CustomerId]) -> Result<Arc<Setup>> {
    let mut setup = Setup::without_peers(services, now).await?;
    let kept = services.peers.kept(services, &setup.market).await?;
    let is_small = |kept: &Kept| accounts.len() <= 1 || accounts.len() * LARGE_PART < kept.portfolio.facts.len();
    let Some(kept) = kept.filter(is_small) else { return work_out(services, setup).await };
    setup.listen_for(&kept.portfolio.departments);
    let newer = Loader::open(&services.db)?.peer_facts(Accounts::These(accounts.to_vec()), setup.as_of).await?;
    setup.peers = if kept.portfolio.agrees(accounts, &newer) {
        kept.peers
    } else {
        let mut portfolio = Portfolio::clone(&kept.portfolio);
        portfolio.refresh(accounts, newer);
        Arc::new(PeerIndex::build(portfolio.facts, &setup.market))
    };
    Ok(Arc::new(setup))
}

async fn work_out(services: &Services, mut setup: Setup) -> Result<Arc<Setup>> {
    let worked_out = Loader::open(&services.db)?.portfolio(setup.as_of).await?;
    let (portfolio, now) = (&worked_out, setup.as_of.now);
    services.db.write(|tx| async move { portfolio::keep(&tx, portfolio, now).await }).await?;
    setup.listen_for(&worked_out.departments);
    setup.peers = Arc::new(PeerIndex::build(worked_out.facts, &setup.market));
    Ok(Arc::new(setup))
}
