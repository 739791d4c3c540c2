//! Code 128, set B: printable ASCII as bars (ISO/IEC 15417).

/// Widths of bars and gaps in turn, for each value; start, check and stop are values too.
const WIDTHS: &str = "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 \
122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 \
212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 \
313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 \
121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 \
121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 411311 \
113141 114131 311141 411131 211412 211214 211232 2331112";
const START_B: usize = 104;
const STOP: usize = 106;
const CHECK: usize = 103;
/// Set B begins with the space.
const FIRST: u8 = b' ';

/// Widths of bars and gaps in turn, beginning with a bar; what is not printable ASCII is left out.
pub(super) fn bars(text: &str) -> Vec<u32> {
    let printable = text.bytes().filter(|byte| (FIRST..0x7f).contains(byte));
    let mut values: Vec<usize> = vec![START_B];
    values.extend(printable.map(|byte| usize::from(byte - FIRST)));
    let check: usize = values.iter().enumerate().map(|(place, value)| place.max(1) * value).sum();
    values.extend([check % CHECK, STOP]);
    let table: Vec<&str> = WIDTHS.split(' ').collect();
    values.into_iter().flat_map(|value| table[value].bytes().map(|byte| u32::from(byte - b'0'))).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Reads bars back, with its own check of the sum.
    pub(in crate::document) fn read(bars: &[u32]) -> Option<String> {
        let table: Vec<&str> = WIDTHS.split(' ').collect();
        let value = |widths: &[u32]| {
            let word: String = widths.iter().map(u32::to_string).collect();
            table.iter().position(|known| *known == word)
        };
        let (body, stop) = bars.split_at_checked(bars.len().checked_sub(7)?)?;
        let values: Vec<usize> = body.chunks(6).map(value).collect::<Option<_>>()?;
        let (check, data) = values.split_last()?;
        let sum: usize = data.iter().enumerate().map(|(place, value)| place.max(1) * value).sum();
        let whole = data.first() == Some(&START_B) && value(stop) == Some(STOP) && sum % CHECK == *check;
        let text = data[1..].iter().map(|value| char::from(u8::try_from(*value).unwrap() + FIRST));
        whole.then(|| text.collect())
    }

    #[test]
    fn every_pattern_is_eleven_wide_and_there_is_no_other_like_it() {
        let table: Vec<&str> = WIDTHS.split(' ').collect();
        let distinct: std::collections::BTreeSet<&&str> = table.iter().collect();
        assert_eq!((table.len(), distinct.len()), (107, 107));
        for (value, pattern) in table.iter().enumerate() {
            let widths: Vec<u32> = pattern.bytes().map(|byte| u32::from(byte - b'0')).collect();
            let dark: u32 = widths.iter().step_by(2).sum();
            let (width, even) = if value == STOP { (13, 8) } else { (11, dark & !1) };
            assert_eq!((widths.iter().sum::<u32>(), dark), (width, even), "{value}: bars are even in sum");
        }
    }

    #[test]
    fn bars_read_back() {
        for text in ["EMU1153000000000000017", "JT 12-34", "~"] {
            assert_eq!(read(&bars(text)).as_deref(), Some(text));
        }
        assert_eq!(bars("A")[..12], [2, 1, 1, 2, 1, 4, 1, 1, 1, 3, 2, 3], "start B, then the letter");
    }
}
