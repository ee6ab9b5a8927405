//! Random numbers that are the same on every machine and in every release of every crate.

/// SplitMix64.
pub struct Random(u64);

impl Random {
    /// The numbers of one thing out of many: of record `n` in the corpus of `seed`.
    pub fn of(seed: u64, n: u64) -> Self {
        Self(mix(seed ^ mix(n)))
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// From 0 to less than `end`.
    pub fn below(&mut self, end: usize) -> usize {
        let draw = u128::from(self.next()) * u128::try_from(end).unwrap_or_default();
        usize::try_from(draw >> 64).unwrap_or_default()
    }

    /// From 0 to less than 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are as many as fit")]
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn chance(&mut self, percent: f64) -> bool {
        self.unit() * 100.0 < percent
    }

    pub fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// Ranks drawn by Zipf's law: each as often as the inverse of itself.
pub struct Zipf {
    low: usize,
    high: usize,
    first: f64,
    span: f64,
}

impl Zipf {
    /// Ranks from `low` to less than `high`.
    #[expect(clippy::cast_precision_loss, reason = "ranks are small")]
    pub fn new(low: usize, high: usize) -> Self {
        let (first, last) = ((low as f64).log2(), (high as f64).log2());
        Self {
            low,
            high,
            first,
            span: last - first,
        }
    }

    /// A rank.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "ranks are small and positive"
    )]
    pub fn draw(&self, random: &mut Random) -> usize {
        let rank = (self.first + random.unit() * self.span).exp2() as usize;
        rank.clamp(self.low, self.high - 1)
    }

    /// How far the rank is from the first.
    pub fn place(&self, random: &mut Random) -> usize {
        self.draw(random) - self.low
    }
}

/// Ranks drawn by Zipf's law up to a bend, and from there on rarer by a higher power of the rank, as words are in any
/// large collection of texts.
pub struct Bent {
    common: Zipf,
    /// How many of all draws are common.
    share: f64,
    bend: f64,
    power: f64,
    /// How many of the rare draws would lie below the highest rank if there were no highest.
    below: f64,
}

impl Bent {
    /// Ranks from `low` to less than `high`, each as often as the inverse of its `power` from `bend` on.
    #[expect(clippy::cast_precision_loss, reason = "ranks are small")]
    pub fn new(low: usize, bend: usize, high: usize, power: f64) -> Self {
        let (first, middle, last) = (low as f64, bend as f64, high as f64);
        let below = 1.0 - (middle / last).powf(power - 1.0);
        let (common, rare) = ((middle / first).ln(), below / (power - 1.0));
        Self {
            common: Zipf::new(low, bend),
            share: common / (common + rare),
            bend: middle,
            power,
            below,
        }
    }

    /// How far the rank is from the first.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "ranks are small and positive"
    )]
    pub fn place(&self, random: &mut Random) -> usize {
        if random.unit() < self.share {
            return self.common.place(random);
        }
        let left = 1.0 - random.unit() * self.below;
        let rank = self.bend * left.powf(-1.0 / (self.power - 1.0));
        rank as usize - self.common.low
    }
}

fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}
