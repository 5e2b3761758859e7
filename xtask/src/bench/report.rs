//! What was measured: a table for people, or a line of JSON for each.

use crate::Failed;
use serde_json::{Map, Value, json};
use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Write},
    path::Path,
    time::Duration,
};

/// Takes measurements as they are made, and shows them.
pub(super) struct Report {
    json: Option<Box<dyn Write + Send>>,
    only: Option<String>,
    limits: BTreeMap<String, f64>,
    notes: Map<String, Value>,
}

/// A measurement.
pub(super) struct Measured<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// What is counted.
    pub(super) unit: &'a str,
    /// One number a run.
    pub(super) runs: Vec<f64>,
    /// What this machine can do at all: the name of a limit, and how many of our unit make one of its.
    pub(super) limit: Option<(&'a str, f64)>,
}

impl Report {
    /// Lines of JSON go to `json`: a file, or `-` for the standard output.
    pub(super) fn new(json: Option<&Path>, only: Option<String>, notes: Map<String, Value>) -> Result<Self, Failed> {
        let json: Option<Box<dyn Write + Send>> = match json {
            Some(path) if path == Path::new("-") => Some(Box::new(io::stdout())),
            Some(path) => Some(Box::new(File::create(path)?)),
            None => None,
        };
        Ok(Self { json, only, limits: BTreeMap::new(), notes })
    }

    /// Whether any of these is asked for.
    pub(super) fn wants(&self, names: &[&str]) -> bool {
        self.only.as_ref().is_none_or(|only| names.iter().any(|name| name.contains(only.as_str())))
    }

    /// A limit of the machine.
    pub(super) fn limit(&mut self, name: &str, unit: &str, runs: &[f64]) -> Result<(), Failed> {
        let median = median(runs);
        self.limits.insert(name.to_owned(), median);
        self.put("limits", name, unit, runs, None)
    }

    /// A measurement of ours.
    pub(super) fn ours(&mut self, measured: &Measured<'_>) -> Result<(), Failed> {
        let Measured { name, unit, runs, limit } = measured;
        let of_limit = limit.and_then(|(limit, scale)| {
            let limit = self.limits.get(limit)?;
            Some(median(runs) / (limit * scale))
        });
        self.put("ours", name, unit, runs, of_limit)
    }

    /// One number that is no series.
    pub(super) fn one(&mut self, name: &str, unit: &str, value: f64) -> Result<(), Failed> {
        self.ours(&Measured { name, unit, runs: vec![value], limit: None })
    }

    fn put(&mut self, peer: &str, name: &str, unit: &str, runs: &[f64], ratio: Option<f64>) -> Result<(), Failed> {
        let median = median(runs);
        let (least, most) =
            runs.iter().fold((f64::MAX, f64::MIN), |(least, most), run| (least.min(*run), most.max(*run)));
        let ratio = ratio.map_or_else(String::new, |ratio| format!("{ratio:.2} x the limit"));
        let line = format!("{peer:<7}{name:<34}{:>12} {unit:<6} {:>24}  {ratio}", short(median), spread(least, most));
        let Some(json) = &mut self.json else {
            println!("{}", line.trim_end());
            return Ok(());
        };
        let rounded: Vec<f64> = runs.iter().map(|run| (run * 1e3).round() / 1e3).collect();
        let mut object = json!({
            "peer": peer, "w": name, "unit": unit, "runs": rounded, "median": (median * 1e3).round() / 1e3,
        });
        if let Some(object) = object.as_object_mut() {
            object.extend(self.notes.clone());
        }
        writeln!(json, "{object}")?;
        eprintln!("{}", line.trim_end());
        Ok(())
    }
}

/// Says what happens meanwhile: preparing can take minutes.
pub(super) fn tell(words: &str) {
    eprintln!("… {words}");
}

/// The middle one.
pub(super) fn median(runs: &[f64]) -> f64 {
    share(&mut runs.to_vec(), 0.5)
}

/// The sample that this share of all does not exceed.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "an index")]
pub(super) fn share(samples: &mut [f64], share: f64) -> f64 {
    samples.sort_by(f64::total_cmp);
    let last = samples.len().saturating_sub(1);
    samples.get((last as f64 * share).round() as usize).copied().unwrap_or(f64::NAN)
}

/// In milliseconds.
pub(super) fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn spread(least: f64, most: f64) -> String {
    if (least - most).abs() < f64::EPSILON { String::new() } else { format!("{}..{}", short(least), short(most)) }
}

fn short(value: f64) -> String {
    match value.abs() {
        100.0.. => format!("{value:.0}"),
        1.0.. => format!("{value:.2}"),
        _ => format!("{value:.4}"),
    }
}
