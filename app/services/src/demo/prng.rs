//! A random number generator of our own (SplitMix64), so that a seed gives the same portfolio with every version of
//! every dependency.

/// A stream of numbers that depends on its seed and key alone.
#[derive(Debug, Clone)]
pub(super) struct Prng(u64);

/// Step of SplitMix64: 2⁶⁴ divided by the golden ratio.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

impl Prng {
    /// The stream of a key, such as an account and a dataset: any part of the portfolio can be made alone.
    pub(super) fn keyed(seed: u64, key: &str, purpose: &str) -> Prng {
        // FNV-1a over both texts with a separator that neither contains.
        let bytes = key.bytes().chain([0]).chain(purpose.bytes());
        let hash = bytes
            .fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3));
        Prng(hash ^ seed.wrapping_mul(GOLDEN))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A whole number of `low..=high`.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = u128::from(high.saturating_sub(low).max(0).unsigned_abs()) + 1;
        low + ((u128::from(self.next()) * width) >> 64) as i64
    }

    /// The same for numbers of days.
    pub(super) fn days(&mut self, low: i32, high: i32) -> i32 {
        self.between(i64::from(low), i64::from(high)) as i32
    }

    /// A number of 0..1.
    pub(super) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True in `percent` of 100 cases.
    pub(super) fn percent(&mut self, percent: i64) -> bool {
        self.between(0, 99) < percent
    }

    /// One of some; the default of none.
    pub(super) fn pick<T: Copy + Default>(&mut self, items: &[T]) -> T {
        let last = i64::try_from(items.len()).unwrap_or(i64::MAX) - 1;
        usize::try_from(self.between(0, last)).ok().and_then(|i| items.get(i)).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_fixed_for_ever() {
        let mut dice = Prng::keyed(7, "acme-corp", "usage");
        let drawn: Vec<i64> = (0..6).map(|_| dice.between(1, 6)).collect();
        let again: Vec<i64> = {
            let mut dice = Prng::keyed(7, "acme-corp", "usage");
            (0..6).map(|_| dice.between(1, 6)).collect()
        };
        assert_eq!(drawn, again);
        let mut other = Prng::keyed(8, "acme-corp", "usage");
        assert_ne!(drawn, (0..6).map(|_| other.between(1, 6)).collect::<Vec<i64>>());
    }

    #[test]
    fn draws_stay_within_their_bounds_and_reach_them() {
        let mut dice = Prng::keyed(1, "a", "b");
        let mut seen = [false; 6];
        for _ in 0..500 {
            let n = dice.between(1, 6);
            assert!((1..=6).contains(&n));
            seen[n as usize - 1] = true;
            assert!((0.0..1.0).contains(&dice.unit()));
        }
        assert_eq!(seen, [true; 6]);
        assert_eq!(dice.pick::<&str>(&[]), "");
        assert_eq!(dice.between(4, 4), 4);
    }
}
