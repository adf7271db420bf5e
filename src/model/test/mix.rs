//! Numbers that look random and are the same every time: pace and phrasing vary, yet a run can be repeated.

/// A number from a text (FNV-1a), the seed of everything that is derived from it.
pub fn seed(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// The `index`-th number of a seed (the output function of SplitMix64: every bit depends on every bit).
pub fn mix(seed: u64, index: u64) -> u64 {
    let mixed = seed.wrapping_add(index.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// The `index`-th number of a seed, in 0..1.
pub fn unit(seed: u64, index: u64) -> f64 {
    (mix(seed, index) >> 11) as f64 / (1_u64 << 53) as f64
}

/// One of the items, picked by the `index`-th number of a seed; `None` when there is none.
pub fn pick<T: Copy>(items: &[T], seed: u64, index: u64) -> Option<T> {
    let place = mix(seed, index).checked_rem(items.len() as u64)?;
    items.get(usize::try_from(place).ok()?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_every_time_and_spread_out() {
        assert_eq!(seed(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(mix(0, 0), 0xe220_a839_7b1d_cdaf);
        let mean = (0..1_000).map(|index| unit(seed("poet"), index)).sum::<f64>() / 1_000.0;
        assert!((0.45..0.55).contains(&mean), "{mean}");
        assert_eq!(pick(&[7], 1, 2), Some(7));
        assert_eq!(pick::<u8>(&[], 1, 2), None);
    }
}
