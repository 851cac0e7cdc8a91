//! Loading: everything known of a batch of accounts at an instant, with one query per table.
//!
//! Facts dated after `now` are unknown (PRODUCT 4): they are left out here, in one place, so that no rule has to think
//! of it. A ticket that closes later is open, a deal that moves later stands where it stood.

use std::collections::{BTreeMap, HashMap, btree_map::Entry};

use domain::{
    account::{
        AccountSnapshot, Contract, ContractStatus, Customer, CustomerStatus, CustomerUser, Entitlement, Expansion,
        KnownOpportunity, LimitPeriod, Meeting, MeetingKind, Outreach, Priority, Series, Stakeholder, StakeholderRole,
        Ticket,
    },
    id::{ContractId, CustomerId, MeetingId, OpportunityId, ProductId, StakeholderId, TicketId, UserId},
    money::Money,
    opportunity::{OpportunityType, Stage},
    time::{At, Day},
};

use super::{
    Accounts, AsOf, Loaded,
    reader::{Reader, known},
    stored,
};
use crate::{Error, Result};

/// Months of usage and health that are read. The longest window of a rule is a year (the same quarter a year
/// before), and a demo portfolio has 15 months.
pub const HISTORY_MONTHS: i32 = 15;
/// Closed tickets older than this say nothing any more.
const TICKET_DAYS: i64 = 365;
/// An outreach older than this holds nothing back (the guard is 14 days) and is no blocker.
const OUTREACH_DAYS: i64 = 90;

/// Reads the accounts of a batch; one that is not known yet at the instant is left out.
pub(super) fn load(reader: &mut Reader, accounts: &Accounts, as_of: AsOf) -> Result<Vec<Loaded>> {
    reader.begin()?;
    let loaded = Batch::read(reader, accounts, as_of);
    reader.end()?;
    loaded
}

/// The accounts of a batch while they are filled, in the order of their ids.
struct Batch {
    list: Vec<Loaded>,
    place: HashMap<i64, usize>,
}

impl Batch {
    fn read(reader: &Reader, accounts: &Accounts, as_of: AsOf) -> Result<Vec<Loaded>> {
        let mut batch = Batch { list: Vec::new(), place: HashMap::new() };
        batch.customers(reader, accounts, as_of)?;
        if batch.list.is_empty() {
            return Ok(batch.list);
        }
        batch.contracts(reader, accounts, as_of)?;
        batch.usage(reader, accounts, as_of)?;
        batch.users(reader, accounts, as_of)?;
        batch.stakeholders(reader, accounts, as_of)?;
        batch.health(reader, accounts, as_of)?;
        batch.meetings(reader, accounts, as_of)?;
        batch.tickets(reader, accounts, as_of)?;
        batch.expansions(reader, accounts, as_of)?;
        batch.opportunities(reader, accounts, as_of)?;
        batch.outreach(reader, accounts, as_of)?;
        stored::fill(reader, accounts, as_of, |customer, fill| {
            if let Some(loaded) = batch.place.get(&customer).and_then(|at| batch.list.get_mut(*at)) {
                fill(loaded);
            }
        })?;
        Ok(batch.list)
    }

    fn loaded(&mut self, customer: Option<i64>) -> Option<&mut Loaded> {
        let place = *self.place.get(&customer?)?;
        self.list.get_mut(place)
    }

    fn snapshot(&mut self, customer: Option<i64>) -> Option<&mut AccountSnapshot> {
        self.loaded(customer).map(|loaded| &mut loaded.snapshot)
    }

    fn customers(&mut self, reader: &Reader, accounts: &Accounts, as_of: AsOf) -> Result<()> {
        let sql = format!(
            "SELECT id, external_id, name, status, industry, segment, arr, health_score, primary_department, csm_id, \
             sales_rep_id, created_on, churned_on FROM customers \
             WHERE {} AND (created_on IS NULL OR created_on <= {}) ORDER BY id",
            accounts.filter("id"),
            as_of.today.0
        );
        reader.each(&sql, |row| {
            let id = known(row.big(0)?)?;
            let customer = Customer {
                id: CustomerId(id),
                external_id: known(row.text(1)?)?,
                name: known(row.text(2)?)?,
                status: match row.text(3)?.as_deref() {
                    None | Some("active") => CustomerStatus::Active,
                    Some("churned") => CustomerStatus::Churned,
                    Some("prospect") => CustomerStatus::Prospect,
                    Some(other) => return Err(Error::inconsistent("customers", format!("{id}: status {other:?}"))),
                },
                industry: row.text(4)?,
                segment: row.text(5)?,
                arr: row.big(6)?.map(Money),
                health_score: row.real(7)?,
                primary_department: row.text(8)?,
                csm: row.big(9)?.map(UserId),
                sales_rep: row.big(10)?.map(UserId),
                created_on: row.small(11)?.map(Day),
                churned_on: row.small(12)?.map(Day),
            };
            self.place.insert(id, self.list.len());
            self.list.push(Loaded::new(customer));
            Ok(())
        })
    }

    fn contracts(&mut self, reader: &Reader, accounts: &Accounts, as_of: AsOf) -> Result<()> {
        let mut entitlements = entitlements(reader, accounts)?;
        let sql = format!(
            "SELECT customer_id, id, external_id, plan_id, status, starts_on, ends_on, term_months, licensed_seats, \
             price_per_seat_annual, annual_value, price_book FROM contracts \
             WHERE {} AND starts_on <= {} ORDER BY customer_id, starts_on, id",
            accounts.filter("customer_id"),
            as_of.today.0
        );
        reader.each(&sql, |row| {
            let Some(account) = self.snapshot(row.big(0)?) else { return Ok(()) };
            let id = known(row.big(1)?)?;
            let ends_on = row.small(6)?.map(Day);
            let status = match row.text(4)?.as_deref() {
                None | Some("active") => ContractStatus::Active,
                // It ran out later than this day.
                Some("expired") if ends_on.is_some_and(|end| end >= as_of.today) => ContractStatus::Active,
                Some("expired") => ContractStatus::Expired,
                Some("cancelled") => ContractStatus::Cancelled,
                Some(other) => return Err(Error::inconsistent("contracts", format!("{id}: status {other:?}"))),
            };
            account.contracts.push(Contract {
                id: ContractId(id),
                external_id: known(row.text(2)?)?,
                plan: row.big(3)?.map(ProductId),
                status,
                starts_on: Day(known(row.small(5)?)?),
                ends_on,
                term_months: row.big(7)?,
                licensed_seats: row.big(8)?,
                price_per_seat_annual: row.big(9)?.map(Money),
                annual_value: row.big(10)?.map(Money),
                price_book: row.text(11)?,
                entitlements: entitlements.remove(&id).unwrap_or_default(),
            });
            Ok(())
        })
    }

    /// Usage, read in the order of its key: a series is finished when the next one begins.
    fn usage(&mut self, reader: &Reader, accounts: &Accounts, as_of: AsOf) -> Result<()> {
        let mut names: HashMap<i32, String> = HashMap::new();
        reader.each("SELECT id, name FROM metrics", |row| {
            names.insert(known(row.big(0)?)? as i32, known(row.text(1)?)?);
            Ok(())
        })?;
        let sql = format!(
            "SELECT customer_id, metric_id, day, value FROM usage_metrics \
             WHERE {} AND day BETWEEN {} AND {} ORDER BY customer_id, metric_id, day",
            accounts.filter("customer_id"),
            as_of.history_from().0,
            as_of.today.0
        );
        let mut current = (i64::MIN, i32::MIN);
        let mut points: Vec<(Day, f64)> = Vec::new();
        let keep = |batch: &mut Batch, (customer, metric): (i64, i32), points: &mut Vec<(Day, f64)>| {
            if points.is_empty() {
                return;
            }
            if let (Some(account), Some(name)) = (batch.snapshot(Some(customer)), names.get(&metric)) {
                account.usage.insert(name.clone(), Series { points: points.as_slice().to_vec() });
            }
            points.clear();
        };
        reader.each_usage(&sql, |customer, metric, day, value| {
            if current != (customer, metric) {
                keep(self, current, &mut points);
                current = (customer, metric);
            }
            points.push((Day(day), value));
        })?;
        keep(self, current, &mut points);
        Ok(())
    }

    fn users(&mut self, reader: &Reader, accounts: &Accounts, as_of: AsOf) -> Result<()> {
        let sql = format!(
            "SELECT customer_id, department, first_seen_on, last_seen_on FROM customer_users \
             WHERE {} AND (first_seen_on IS NULL OR first_seen_on <= {}) ORDER BY customer_id, id",
            accounts.filter("customer_id"),
            as_of.today.0
        );
        reader.each(&sql, |row| {
            let Some(account) = self.snapshot(row.big(0)?) else { return Ok(()) };
            account.users.push(CustomerUser {
                department: row.text(1)?,
                first_seen_on: row.small(2)?.map(Day),
                // Seen later: then they were still there on this day.
                last_seen_on: row.small(3)?.map(|day| Day(day).min(as_of.today)),
            });
            Ok(())
        })
    }

    fn stakeholders(&mut self, reader: &Reader, accounts: &Accounts, as_of: AsOf) -> Result<()> {
        let sql = format!(
            "SELECT customer_id, id, name, email, title, role, engagement, last_contact_on FROM stakeholders \
             WHERE {} ORDER BY customer_id, id",
            accounts.filter("customer_id")
        );
        reader.each(&sql, |row| {
            let Some(account) = self.snapshot(row.big(0)?) else { return Ok(()) };
            let id = known(row.big(1)?)?;
            let role = match row.text(5)?.as_deref() {
                None => None,
                Some("champion") => Some(StakeholderRole::Champion),
                Some("economic_buyer") => Some(StakeholderRole::EconomicBuyer),
                Some("exec_sponsor") => Some(StakeholderRole::ExecSponsor),
                Some("decision_maker") => Some(StakeholderRole::DecisionMaker),
                Some("influencer") => Some(StakeholderRole::Influencer),
                Some("detractor") => Some(StakeholderRole::Detractor),
                Some(other) => return Err(Error::inconsistent("stakeholders", format!("{id}: role {other:?}"))),
            };
            account.stakeholders.push(Stakeholder {
                id: StakeholderId(id),
                name: known(row.text(2)?)?,
                email: row.text(3)?,
                title: row.text(4)?,
                role,
                engagement: row.real(6)?,
                last_contact_on: row.small(7)?.map(Day).filter(|day| *day <= as_of.today),
            });
            Ok(())
        })
    }

    fn health(&mut self, reader: &Reader, accounts: &Accounts, as_of: AsOf) -> Result<()> {
        let sql = format!(
            "SELECT customer_id, scored_on, score FROM health_scores \
             WHERE {} AND scored_on BETWEEN {} AND {} ORDER BY customer_id, scored_on",
            accounts.filter("customer_id"),
            as_of.history_from().0,
            as_of.today.0
        );
        reader.each(&sql, |row| {
            let Some(account) = self.snapshot(row.big(0)?) else { return Ok(()) };
            account.health.push((Day(known(row.small(1)?)?), known(row.real(2)?)?));
            Ok(())
        })
    }

    fn meetings(&mut self, reader: &Reader, accounts: &Accounts, as_of: AsOf) -> Result<()> {
        let sql = format!(
            "SELECT customer_id, id, external_id, held_at, kind, title, transcript, attendees FROM meetings \
             WHERE {} AND held_at BETWEEN {} AND {} ORDER BY customer_id, held_at, id",
            accounts.filter("customer_id"),
            as_of.now.plus_days(-as_of.meeting_days).0,
            as_of.now.0
        );
        reader.each(&sql, |row| {
            let Some(account) = self.snapshot(row.big(0)?) else { return Ok(()) };
            let id = known(row.big(1)?)?;
            account.meetings.push(Meeting {
                id: MeetingId(id),
                external_id: known(row.text(2)?)?,
                held_at: At(known(row.big(3)?)?),
                kind: match row.text(4)?.as_deref() {
                    None | Some("call") => MeetingKind::Call,
                    Some("qbr") => MeetingKind::Qbr,
                    Some("email") => MeetingKind::Email,
                    Some("support") => MeetingKind::Support,
                    Some(other) => return Err(Error::inconsistent("meetings", format!("{id}: kind {other:?}"))),
                },
                title: row.text(5)?,
                transcript: row.text(6)?.unwrap_or_default(),
                attendees: row.text(7)?,
            });
            Ok(())
        })
    }

    fn tickets(&mut self, reader: &Reader, accounts: &Accounts, as_of: AsOf) -> Result<()> {
        let sql = format!(
            "SELECT customer_id, id, external_id, opened_at, closed_at, priority, topic FROM tickets \
             WHERE {} AND opened_at <= {} AND (closed_at IS NULL OR closed_at > {}) ORDER BY customer_id, opened_at, id",
            accounts.filter("customer_id"),
            as_of.now.0,
            as_of.now.plus_days(-TICKET_DAYS).0
        );
        reader.each(&sql, |row| {
            let Some(account) = self.snapshot(row.big(0)?) else { return Ok(()) };
            let id = known(row.big(1)?)?;
            account.tickets.push(Ticket {
                id: TicketId(id),
                external_id: known(row.text(2)?)?,
                opened_at: At(known(row.big(3)?)?),
                closed_at: row.big(4)?.map(At).filter(|at| *at <= as_of.now),
                priority: match row.text(5)?.as_deref() {
                    Some("critical") => Priority::Critical,
                    Some("high") => Priority::High,
                    None | Some("medium") => Priority::Medium,
                    Some("low") => Priority::Low,
                    Some(other) => return Err(Error::inconsistent("tickets", format!("{id}: priority {other:?}"))),
                },
                topic: row.text(6)?,
            });
            Ok(())
        })
    }

    fn expansions(&mut self, reader: &Reader, accounts: &Accounts, as_of: AsOf) -> Result<()> {
        let sql = format!(
            "SELECT customer_id, booked_on, arr_delta, type, product_id FROM expansions \
             WHERE {} AND booked_on <= {} ORDER BY customer_id, booked_on, id",
            accounts.filter("customer_id"),
            as_of.today.0
        );
        reader.each(&sql, |row| {
            let Some(account) = self.snapshot(row.big(0)?) else { return Ok(()) };
            account.expansions.push(Expansion {
                booked_on: Day(known(row.small(1)?)?),
                arr_delta: Money(known(row.big(2)?)?),
                kind: row.text(3)?.as_deref().and_then(OpportunityType::from_key),
                product: row.big(4)?.filter(|id| *id != 0).map(ProductId),
            });
            Ok(())
        })
    }

    fn opportunities(&mut self, reader: &Reader, accounts: &Accounts, as_of: AsOf) -> Result<()> {
        let moved_later = stages_before_later_moves(reader, accounts, as_of)?;
        let sql = format!(
            "SELECT customer_id, id, external_id, name, type, stage, estimated_value, product_id, closed_on, source, \
             identified_on, created_at FROM opportunities WHERE {} ORDER BY customer_id, id",
            accounts.filter("customer_id")
        );
        reader.each(&sql, |row| {
            let Some(loaded) = self.loaded(row.big(0)?) else { return Ok(()) };
            let id = known(row.big(1)?)?;
            let kind = known(row.text(4)?)?;
            let kind = OpportunityType::from_key(&kind)
                .ok_or_else(|| Error::inconsistent("opportunities", format!("{id}: type {kind:?}")))?;
            let product = row.big(7)?.map(ProductId);
            let stands = stage(&known(row.text(5)?)?, id)?;
            let closed_on = row.small(8)?.map(Day);
            let stood = match moved_later.get(&id) {
                Some(stood) => *stood,
                None if closed_on.is_some_and(|day| day > as_of.today) && !stands.is_open() => Stage::Identified,
                None => stands,
            };
            // Without a day it was identified when it was recorded (CONTRACT 5).
            let is_known = match row.small(10)? {
                Some(day) => day <= as_of.today.0,
                None => known(row.big(11)?)? <= as_of.now.0,
            };
            if stands.is_open() && !(is_known && stood.is_open()) {
                loaded.later_records.push((kind, product));
            }
            if !is_known {
                return Ok(());
            }
            loaded.snapshot.opportunities.push(KnownOpportunity {
                id: OpportunityId(id),
                external_id: row.text(2)?,
                name: known(row.text(3)?)?,
                kind,
                stage: stood,
                estimated_value: row.big(6)?.map(Money),
                product,
                closed_on: closed_on.filter(|day| *day <= as_of.today),
                source: row.text(9)?,
            });
            Ok(())
        })
    }

    fn outreach(&mut self, reader: &Reader, accounts: &Accounts, as_of: AsOf) -> Result<()> {
        let sql = format!(
            "SELECT customer_id, at, actor, text FROM activities \
             WHERE {} AND at BETWEEN {} AND {} AND kind = 'outreach' ORDER BY customer_id, at, id",
            accounts.filter("customer_id"),
            as_of.now.plus_days(-OUTREACH_DAYS).0,
            as_of.now.0
        );
        reader.each(&sql, |row| {
            let Some(account) = self.snapshot(row.big(0)?) else { return Ok(()) };
            // Ascending by time: the last one stays.
            account.last_outreach =
                Some(Outreach { at: At(known(row.big(1)?)?), by: known(row.text(2)?)?, what: known(row.text(3)?)? });
            Ok(())
        })
    }
}

/// Entitlements by contract.
fn entitlements(reader: &Reader, accounts: &Accounts) -> Result<HashMap<i64, Vec<Entitlement>>> {
    let sql = format!(
        "SELECT e.contract_id, e.metric, e.limit_value, e.product_id, e.period, e.starts_on, e.ends_on \
         FROM contracts c JOIN entitlements e ON e.contract_id = c.id \
         WHERE {} ORDER BY e.contract_id, e.metric, e.starts_on",
        accounts.filter("c.customer_id")
    );
    let mut by_contract: HashMap<i64, Vec<Entitlement>> = HashMap::new();
    reader.each(&sql, |row| {
        let entitlement = Entitlement {
            metric: known(row.text(1)?)?,
            limit: known(row.real(2)?)?,
            product: row.big(3)?.map(ProductId),
            period: match row.text(4)?.as_deref() {
                Some("month") => Some(LimitPeriod::Month),
                Some("total") => Some(LimitPeriod::Total),
                _ => None,
            },
            // 0 stands for "with the contract".
            starts_on: row.small(5)?.filter(|day| *day != 0).map(Day),
            ends_on: row.small(6)?.map(Day),
        };
        by_contract.entry(known(row.big(0)?)?).or_default().push(entitlement);
        Ok(())
    })?;
    Ok(by_contract)
}

/// Where deals stood that move after the instant: the last move by then, else what the first later one came from.
fn stages_before_later_moves(reader: &Reader, accounts: &Accounts, as_of: AsOf) -> Result<BTreeMap<i64, Stage>> {
    let sql = format!(
        "SELECT h.opportunity_id, h.changed_at, h.to_stage, h.from_stage \
         FROM opportunities o JOIN opportunity_history h ON h.opportunity_id = o.id \
         WHERE {} AND EXISTS (SELECT 1 FROM opportunity_history f WHERE f.opportunity_id = o.id AND f.changed_at > {}) \
         ORDER BY h.opportunity_id, h.changed_at, h.id",
        accounts.filter("o.customer_id"),
        as_of.now.0
    );
    let mut stood: BTreeMap<i64, Stage> = BTreeMap::new();
    reader.each(&sql, |row| {
        let id = known(row.big(0)?)?;
        if known(row.big(1)?)? <= as_of.now.0 {
            stood.insert(id, stage(&known(row.text(2)?)?, id)?);
        } else if let Entry::Vacant(unknown) = stood.entry(id) {
            unknown.insert(row.text(3)?.map_or(Ok(Stage::Identified), |from| stage(&from, id))?);
        }
        Ok(())
    })?;
    Ok(stood)
}

fn stage(key: &str, id: i64) -> Result<Stage> {
    Stage::from_key(key).ok_or_else(|| Error::inconsistent("opportunities", format!("{id}: stage {key:?}")))
}
