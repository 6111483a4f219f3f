//! Tables on a terminal: columns two spaces apart, no lines, the last column wrapped.

use comfy_table::{Cell, CellAlignment, ContentArrangement, Row as Cells, Table as Grid, presets};

use super::doc::{Align, Line, Table};
use super::style::Role;
use super::wrap::{self, LongWords, Row, wrap};

/// Columns between two columns.
const GAP: usize = 2;

/// What the last column keeps, if it needs it, before others break inside their words.
const LAST: usize = 16;

/// What no column is narrowed below.
const NARROWEST: usize = 8;

/// The table's lines, at most `width` wide where that is possible.
pub(super) fn lines(table: &Table, colour: bool, width: usize) -> Vec<String> {
    let header: Vec<Line> = table.header.iter().map(|name| Line::from(name.as_str())).collect();
    let columns = table.rows.iter().map(Vec::len).chain([header.len()]).max().unwrap_or(0);
    if table.rows.is_empty() || columns == 0 {
        return Vec::new();
    }
    let widths = fit(&measure(&header, &table.rows, columns), width);
    let cells = |row: &[Line], role: Role| -> Cells {
        let cell = |(i, width): (usize, &usize)| {
            let long = if i + 1 == columns { LongWords::Overflow } else { LongWords::Cut };
            let line = row.get(i).cloned().unwrap_or_default();
            let rows = wrap(&line, *width, *width, long);
            let painted: Vec<String> = rows.into_iter().map(|row| row.tinted(role).paint(colour)).collect();
            Cell::new(painted.join("\n"))
        };
        Cells::from(widths.iter().enumerate().map(cell).collect::<Vec<_>>())
    };

    // The cells are wrapped already, with addresses whole and hanging styles closed: the grid only aligns them.
    let mut grid = Grid::new();
    grid.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled).force_no_tty();
    if !header.is_empty() {
        grid.set_header(cells(&header, Role::Muted));
    }
    for row in &table.rows {
        grid.add_row(cells(row, Role::Plain));
    }
    for (i, column) in grid.column_iter_mut().enumerate() {
        column.set_padding((0, if i + 1 == columns { 0 } else { u16::try_from(GAP).unwrap_or(2) }));
        column.set_cell_alignment(match table.alignment(i) {
            Align::Left => CellAlignment::Left,
            Align::Right => CellAlignment::Right,
        });
    }
    grid.lines().map(|line| line.trim_end().to_owned()).collect()
}

/// What a column would like to have, and what its widest word needs.
#[derive(Clone, Copy, Default)]
struct Wish {
    line: usize,
    word: usize,
}

fn measure(header: &[Line], rows: &[Vec<Line>], columns: usize) -> Vec<Wish> {
    let all = || rows.iter().map(Vec::as_slice).chain([header]);
    let widest =
        |i, measure: fn(&Line) -> usize| all().filter_map(|row| row.get(i)).map(measure).max().unwrap_or(0);
    (0..columns)
        .map(|i| Wish { line: widest(i, |cell| Row::of(cell).width()), word: widest(i, wrap::widest_word) })
        .collect()
}

/// Narrows columns until all stand within `width`: the last one first, then the widest others down to their words,
/// and only then into the words.
fn fit(wishes: &[Wish], width: usize) -> Vec<usize> {
    let Some((last, others)) = wishes.split_last() else { return Vec::new() };
    let gaps = GAP * others.len();
    let least = last.line.min(LAST);
    let mut widths: Vec<usize> = others.iter().map(|wish| wish.line).collect();
    for floors in [others.iter().map(|wish| wish.word).collect(), vec![NARROWEST; others.len()]] {
        while gaps + widths.iter().sum::<usize>() + least > width {
            let wider = widths.iter_mut().zip(&floors).filter(|(width, floor)| **width > **floor);
            let Some((widest, _)) = wider.max_by_key(|(width, _)| **width) else { break };
            *widest -= 1;
        }
    }
    let room = width.saturating_sub(gaps + widths.iter().sum::<usize>());
    widths.push(last.line.min(room.max(least)));
    widths
}

#[cfg(test)]
mod tests {
    use super::{Wish, fit};

    #[test]
    fn the_last_column_gives_way_first_and_words_last() {
        for (wishes, width, expected) in [
            (&[(4, 4), (10, 5)][..], 80, vec![4, 10]),
            (&[(4, 4), (90, 9)], 60, vec![4, 54]),
            (&[(4, 4), (60, 9), (90, 9)], 60, vec![4, 36, 16]),
            (&[(4, 4), (60, 9), (3, 3)], 60, vec![4, 49, 3]),
            (&[(12, 12), (20, 5), (90, 9)], 40, vec![12, 8, 16]),
            (&[(30, 30), (20, 5), (90, 9)], 40, vec![15, 5, 16]),
            (&[(90, 9)], 40, vec![40]),
            (&[(8, 8), (8, 8), (8, 8), (8, 8)], 20, vec![8, 8, 8, 8]),
            (&[], 20, vec![]),
        ] {
            let wished: Vec<Wish> = wishes.iter().map(|&(line, word)| Wish { line, word }).collect();
            assert_eq!(fit(&wished, width), expected, "{wishes:?} in {width}");
        }
    }
}
