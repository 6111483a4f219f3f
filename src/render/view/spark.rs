//! Percentages as a row of blocks. The scale is always 0 to 100, so that equal shapes mean equal numbers.

/// One block a number, an eighth of the height for each 12.5 points.
pub(super) fn sparkline(percents: &[u8]) -> String {
    const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    percents.iter().map(|percent| BLOCKS[(usize::from(*percent) * 8 / 100).min(7)]).collect()
}

#[cfg(test)]
mod tests {
    use super::sparkline;

    #[test]
    fn the_scale_is_fixed() {
        for (percents, blocks) in [
            (&[][..], ""),
            (&[0, 12, 13, 100], "▁▁▂█"),
            (&[70, 40, 55], "▆▄▅"),
            (&[7, 4, 5], "▁▁▁"),
            (&[0, 25, 50, 75, 88, 255], "▁▃▅▇██"),
        ] {
            assert_eq!(sparkline(percents), blocks, "{percents:?}");
        }
    }
}
