//! The only place that prints: answers to standard output, notes and progress to standard error.

use std::fmt::Display;
use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

use clap::ValueEnum;
use comfy_table::{Cell, Color, ContentArrangement, LineStyle, Table, TableStyle};
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
        let mut table = Table::new();
        table.load_style(STYLE).set_content_arrangement(ContentArrangement::Dynamic);
        if !self.terminal {
            table.force_no_tty().set_width(WIDTH_WITHOUT_TERMINAL);
        }
        if self.color {
            table.enforce_styling();
        }
        table.set_header(rows.header.into_iter().map(|title| self.paint_cell(title, Tone::Title)));
        for row in rows.rows {
            table.add_row(row.into_iter().map(|(text, tone)| self.paint_cell(text, tone)));
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
}

impl TableRows {
    /// A table with these column titles.
    pub(crate) fn new(header: &[&str]) -> Self {
        Self { header: header.iter().map(|title| (*title).to_owned()).collect(), rows: Vec::new() }
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
    fn colours_can_be_forced() {
        let output = Output::new(false, ColorChoice::Always);
        assert!(output.render(rows()).contains('\u{1b}'));
        assert!(output.paint("x", Tone::Bad).contains("[31m"));
    }
}
