//! What earlier scans left behind for a batch of accounts.

use std::collections::HashMap;

use domain::{
    id::{FoundId, OpportunityId, ProductId, SignalId},
    opportunity::OpportunityType,
    signal::{
        Evidence, Reach, RuleKey,
        episode::{Episode, SignalStatus},
    },
    time::{At, Day},
};

use super::{
    Accounts, AsOf, Loaded, StoredEpisode, StoredFound,
    reader::{Columns, Reader, known},
};
use crate::{Error, Result};

/// Reads episodes, found opportunities and account states, and hands each to the account it belongs to.
pub(super) fn fill(
    reader: &Reader,
    accounts: &Accounts,
    as_of: AsOf,
    mut put: impl FnMut(i64, &mut dyn FnMut(&mut Loaded)),
) -> Result<()> {
    // Open episodes, and closed ones that were silenced until a day that is still ahead.
    let needed =
        format!("{} AND (s.closed_at IS NULL OR s.quiet_until > {})", accounts.filter("s.customer_id"), as_of.today.0);
    let mut evidence = evidence(reader, &needed)?;
    let sql = format!(
        "SELECT s.customer_id, s.id, s.rule, s.subject, s.rule_version, s.status, s.strength, s.leads_to, s.product_id, \
         s.general, s.supports_only, s.title, s.opened_at, s.observed_at, s.last_held_on, s.closed_at, s.quiet_until, \
         s.reach_on, s.asked_quantity, s.content_hash, s.found_id, s.opportunity_id \
         FROM signals s WHERE {needed} ORDER BY s.customer_id, s.id"
    );
    reader.each(&sql, |row| {
        let id = known(row.big(1)?)?;
        let mut stored = Some(episode(row, id, evidence.remove(&id).unwrap_or_default())?);
        put(known(row.big(0)?)?, &mut |loaded| loaded.episodes.extend(stored.take()));
        Ok(())
    })?;
    let sql = format!(
        "SELECT customer_id, id, kind, product_id, content_hash, first_found_at, gone_at, quiet_until \
         FROM found_opportunities WHERE {} ORDER BY customer_id, id",
        accounts.filter("customer_id")
    );
    reader.each(&sql, |row| {
        let mut stored = Some(found(row)?);
        put(known(row.big(0)?)?, &mut |loaded| loaded.found.extend(stored.take()));
        Ok(())
    })?;
    let sql = format!("SELECT customer_id, content_hash FROM account_state WHERE {}", accounts.filter("customer_id"));
    reader.each(&sql, |row| {
        let hash = row.text(1)?;
        put(known(row.big(0)?)?, &mut |loaded| loaded.state_hash.clone_from(&hash));
        Ok(())
    })
}

/// Evidence by signal, in its order.
fn evidence(reader: &Reader, needed: &str) -> Result<HashMap<i64, Vec<Evidence>>> {
    let sql = format!(
        "SELECT e.signal_id, e.json FROM signals s JOIN signal_evidence e ON e.signal_id = s.id \
         WHERE {needed} ORDER BY e.signal_id, e.position"
    );
    let mut by_signal: HashMap<i64, Vec<Evidence>> = HashMap::new();
    reader.each(&sql, |row| {
        let id = known(row.big(0)?)?;
        let piece = serde_json::from_str(&known(row.text(1)?)?)
            .map_err(|error| Error::inconsistent("signal_evidence", format!("signal {id}: {error}")))?;
        by_signal.entry(id).or_default().push(piece);
        Ok(())
    })?;
    Ok(by_signal)
}

fn episode(row: &dyn Columns, id: i64, evidence: Vec<Evidence>) -> Result<StoredEpisode> {
    let wrong = |what: &str| Error::inconsistent("signals", format!("{id}: {what}"));
    let status = match known(row.text(5)?)?.as_str() {
        "detected" => SignalStatus::Detected,
        "acknowledged" => SignalStatus::Acknowledged,
        "routed" => SignalStatus::Routed,
        "won" => SignalStatus::Won,
        "lost" => SignalStatus::Lost,
        "dismissed" => SignalStatus::Dismissed,
        other => return Err(wrong(other)),
    };
    let rule = known(row.text(2)?)?;
    let leads_to = known(row.text(7)?)?;
    let episode = Episode {
        id: SignalId(id),
        rule: rule.parse::<RuleKey>().map_err(|_| wrong(&rule))?,
        subject: known(row.text(3)?)?,
        rule_version: known(row.big(4)?)?,
        status,
        strength: known(row.real(6)?)?,
        leads_to: OpportunityType::from_key(&leads_to).ok_or_else(|| wrong(&leads_to))?,
        product: row.big(8)?.map(ProductId),
        general: known(row.flag(9)?)?,
        supports_only: known(row.flag(10)?)?,
        title: known(row.text(11)?)?,
        opened_at: At(known(row.big(12)?)?),
        observed_at: At(known(row.big(13)?)?),
        last_held_on: Day(known(row.small(14)?)?),
        closed_at: row.big(15)?.map(At),
        quiet_until: row.small(16)?.map(Day),
        reach: row.small(17)?.map(|on| Reach { on: Day(on) }),
        asked_quantity: row.big(18)?,
        evidence,
    };
    Ok(StoredEpisode {
        episode,
        content_hash: known(row.text(19)?)?,
        found: row.big(20)?.map(FoundId),
        opportunity: row.big(21)?.map(OpportunityId),
    })
}

fn found(row: &dyn Columns) -> Result<StoredFound> {
    let id = known(row.big(1)?)?;
    let kind = known(row.text(2)?)?;
    Ok(StoredFound {
        id: FoundId(id),
        kind: OpportunityType::from_key(&kind)
            .ok_or_else(|| Error::inconsistent("found_opportunities", format!("{id}: {kind}")))?,
        product: row.big(3)?.filter(|id| *id != 0).map(ProductId),
        content_hash: known(row.text(4)?)?,
        first_found_at: At(known(row.big(5)?)?),
        gone: row.big(6)?.is_some(),
        quiet_until: row.small(7)?.map(Day),
    })
}
