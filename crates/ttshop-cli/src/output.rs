//! The only place that prints: answers to standard output, notes and progress to standard error.

use std::fmt::Display;
use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

use clap::ValueEnum;
use comfy_table::{Cell, Color, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use crate::environment;
use crate::failure::Failure;

/// The width of a table that goes to a file or a pipe; a terminal's own width decides elsewhere.
const WIDTH_WITHOUT_TERMINAL: u16 = 160;
/// A line below the titles and nothing else.
const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));
/// How often a spinner moves.
const SPINNER_TICK: Duration = Duration::from_millis(120);

/// When to use colours.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How this command speaks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    json: bool,
    color: bool,
    terminal: bool,
}

impl Output {
    /// Speaks JSON or text, with colours as chosen.
    pub(crate) fn new(json: bool, choice: ColorChoice) -> Self {
        let terminal = std::io::stdout().is_terminal();
        let color = match choice {
            ColorChoice::Auto => terminal && !environment::no_color(),
            ColorChoice::Always => true,
            ColorChoice::Never => false,
        };
        Self { json, color, terminal }
    }

    /// Whether the caller wants JSON.
    pub(crate) fn wants_json(self) -> bool {
        self.json
    }

    /// Whether a person watches.
    pub(crate) fn is_terminal(self) -> bool {
        self.terminal
    }

    /// One line of text, flushed.
    pub(crate) fn line(self, text: impl Display) -> Result<(), Failure> {
        let mut stdout = std::io::stdout().lock();
        let written = writeln!(stdout, "{text}").and_then(|()| stdout.flush());
        written.map_err(|error| Failure::output(&error))
    }

    /// One JSON value on one line, flushed.
    pub(crate) fn json(self, value: &impl Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string(value)
            .map_err(|error| Failure::of("failed to write the answer as JSON", &error))?;
        self.line(text)
    }

    /// A table as wide as the terminal.
    pub(crate) fn table(self, rows: TableRows) -> Result<(), Failure> {
        self.line(self.render(rows))
    }

    /// The text of a table, for those who redraw.
    pub(crate) fn render(self, rows: TableRows) -> String {
        self.render_within(rows, self.width())
    }

    fn render_within(self, rows: TableRows, width: u16) -> String {
        let rows = rows.within(width);
        let mut table = Table::new();
        table.load_style(STYLE).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(width);
        if !self.terminal {
            table.force_no_tty();
        }
        if self.color {
            table.enforce_styling();
        }
        table.set_header(rows.header.into_iter().map(|title| self.paint_cell(title, Tone::Title)));
        for row in rows.rows {
            table.add_row(row.into_iter().map(|(text, tone)| self.paint_cell(text, tone)));
        }
        for place in rows.unbroken {
            if let Some(column) = table.column_mut(place) {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        table.to_string()
    }

    /// A table that is redrawn in place; for terminals only.
    pub(crate) fn live(self) -> Live {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stdout());
        bar.set_style(
            ProgressStyle::with_template("{msg}").unwrap_or_else(|_| ProgressStyle::default_spinner()),
        );
        Live { bar, output: self }
    }

    /// A word in colour, where colours are wanted.
    pub(crate) fn paint(self, text: impl Display, tone: Tone) -> String {
        match tone.ansi() {
            Some(code) if self.color => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            Some(_) | None => text.to_string(),
        }
    }

    /// A remark beside the answer.
    pub(crate) fn note(self, text: impl Display) {
        // Nobody can be told that standard error is closed.
        drop(writeln!(std::io::stderr().lock(), "{text}"));
    }

    /// What went wrong, on standard error: text, or one JSON object where JSON is wanted.
    pub(crate) fn failure(self, failure: &Failure) {
        let text = match (self.json, serde_json::to_string(failure)) {
            (true, Ok(json)) => json,
            (true, Err(_)) | (false, _) => format!("{} {failure}", self.paint("error:", Tone::Bad)),
        };
        self.note(text);
    }

    /// A spinner on standard error while something lasts; invisible unless a person watches.
    pub(crate) fn spinner(self, what: &str) -> Progress {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{spinner} {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_spinner());
        bar.set_style(style);
        bar.set_message(what.to_owned());
        if std::io::stderr().is_terminal() && !self.json {
            bar.enable_steady_tick(SPINNER_TICK);
        } else {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        Progress(bar)
    }

    /// A bar on standard error that shows how much of something has left; invisible unless a person watches, and while it is small.
    pub(crate) fn bar(self, what: &str) -> Bar {
        let target = if std::io::stderr().is_terminal() && !self.json {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(None, target);
        let style = ProgressStyle::with_template(
            "{msg} {wide_bar} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left",
        );
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message(what.to_owned());
        Bar(bar)
    }

    /// How many characters fit into a line.
    fn width(self) -> u16 {
        let terminal = self.terminal.then(|| Table::new().width()).flatten();
        terminal.unwrap_or(WIDTH_WITHOUT_TERMINAL)
    }

    fn paint_cell(self, text: String, tone: Tone) -> Cell {
        let cell = Cell::new(text);
        match tone.color() {
            Some(color) if self.color => cell.fg(color),
            Some(_) | None => cell,
        }
    }
}

/// A table that is redrawn in place.
#[derive(Debug)]
pub(crate) struct Live {
    bar: ProgressBar,
    output: Output,
}

impl Live {
    /// Shows these rows now, and a line below them.
    pub(crate) fn show(&self, rows: TableRows, below: &str) {
        self.bar.set_message(format!("{}\n{below}", self.output.render(rows)));
        self.bar.tick();
    }

    /// Leaves the last rows on the screen.
    pub(crate) fn finish(self) {
        self.bar.abandon();
    }
}

/// Something under way; it disappears when dropped.
#[derive(Debug)]
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Says what is being done now.
    pub(crate) fn say(&self, what: impl Into<String>) {
        self.0.set_message(what.into());
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// How much of something has left; it appears with a mebibyte and disappears when dropped.
#[derive(Clone, Debug)]
pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// Less than this is gone before anybody could read it.
    const SHOWN_FROM: u64 = 1 << 20;

    /// Shows how much has left.
    pub(crate) fn show(&self, sent: u64, length: u64) {
        if length >= Self::SHOWN_FROM {
            self.0.set_length(length);
            self.0.set_position(sent);
        }
        if sent >= length {
            self.0.finish_and_clear();
        }
    }
}

/// What a colour means.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Tone {
    /// Nothing special.
    #[default]
    Plain,
    /// A heading.
    Title,
    /// As it should be.
    Good,
    /// Worth a look.
    Warning,
    /// Wrong.
    Bad,
    /// Of less interest.
    Faint,
}

impl Tone {
    fn color(self) -> Option<Color> {
        match self {
            Self::Plain => None,
            Self::Title => Some(Color::Cyan),
            Self::Good => Some(Color::Green),
            Self::Warning => Some(Color::Yellow),
            Self::Bad => Some(Color::Red),
            Self::Faint => Some(Color::DarkGrey),
        }
    }

    fn ansi(self) -> Option<u8> {
        match self {
            Self::Plain => None,
            Self::Title => Some(36),
            Self::Good => Some(32),
            Self::Warning => Some(33),
            Self::Bad => Some(31),
            Self::Faint => Some(90),
        }
    }
}

/// The contents of a table.
#[derive(Debug)]
pub(crate) struct TableRows {
    header: Vec<String>,
    rows: Vec<Vec<(String, Tone)>>,
    /// Columns whose cells are never broken.
    unbroken: Vec<usize>,
    /// Columns that are left out of a narrower line than this.
    wide: Vec<(usize, u16)>,
}

impl TableRows {
    /// A table with these column titles.
    pub(crate) fn new(header: &[&str]) -> Self {
        Self {
            header: header.iter().map(|title| (*title).to_owned()).collect(),
            rows: Vec::new(),
            unbroken: Vec::new(),
            wide: Vec::new(),
        }
    }

    /// The cells of these columns are never broken, however narrow the line is: names that somebody will copy.
    #[must_use]
    pub(crate) fn unbroken(mut self, places: &[usize]) -> Self {
        self.unbroken = places.to_vec();
        self
    }

    /// These columns are left out when fewer than `width` characters fit into a line.
    #[must_use]
    pub(crate) fn wide(mut self, places: &[usize], width: u16) -> Self {
        self.wide.extend(places.iter().map(|place| (*place, width)));
        self
    }

    /// What is shown in a line of `width` characters.
    fn within(self, width: u16) -> Self {
        let kept = |place: &usize| !self.wide.iter().any(|(wide, least)| wide == place && width < *least);
        let shown: Vec<usize> = (0..self.header.len()).filter(kept).collect();
        let pick = |row: Vec<(String, Tone)>| {
            row.into_iter()
                .enumerate()
                .filter(|(place, _)| shown.contains(place))
                .map(|(_, cell)| cell)
                .collect()
        };
        Self {
            header: shown.iter().filter_map(|place| self.header.get(*place).cloned()).collect(),
            unbroken: self.unbroken.iter().filter_map(|place| shown.binary_search(place).ok()).collect(),
            wide: Vec::new(),
            rows: self.rows.into_iter().map(pick).collect(),
        }
    }

    /// Adds a row of plain cells.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = impl Into<String>>) {
        self.rows.push(cells.into_iter().map(|cell| (cell.into(), Tone::Plain)).collect());
    }

    /// Adds a row whose cells have tones.
    pub(crate) fn toned(&mut self, cells: impl IntoIterator<Item = (String, Tone)>) {
        self.rows.push(cells.into_iter().collect());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> TableRows {
        let mut rows = TableRows::new(&["order", "status"]);
        rows.toned([("576".to_owned(), Tone::Plain), ("COMPLETED".to_owned(), Tone::Good)]);
        rows
    }

    #[test]
    fn a_pipe_gets_no_colours() {
        let output = Output::new(false, ColorChoice::Never);
        assert!(!output.render(rows()).contains('\u{1b}'));
        assert_eq!(output.paint("x", Tone::Bad), "x");
    }

    #[test]
    fn names_are_never_broken_and_wide_columns_go_first() {
        let name = "affiliate_creator.generate_publisher_sharing_links_in_batch";
        let output = Output::new(false, ColorChoice::Never);
        for width in [40, 60, 99, 100, 200] {
            let mut rows = TableRows::new(&["operation", "path", "tier"]).unbroken(&[0]).wide(&[1], 100);
            rows.row([name, "/affiliate_creator/202504/affiliate_sharing_links", "contract"]);
            let text = output.render_within(rows, width);
            assert!(text.lines().any(|line| line.contains(name)), "{width}:\n{text}");
            assert_eq!(text.contains("/affiliate"), width >= 100, "{width}:\n{text}");
        }
    }

    #[test]
    fn colours_can_be_forced() {
        let output = Output::new(false, ColorChoice::Always);
        assert!(output.render(rows()).contains('\u{1b}'));
        assert!(output.paint("x", Tone::Bad).contains("[31m"));
    }
}
