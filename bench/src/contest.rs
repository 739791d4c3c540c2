//! One job, done in several ways.

/// One job and those who do it; the first contender is the baseline.
#[derive(Debug)]
pub struct Contest {
    /// The job.
    pub name: &'static str,
    /// How many bytes one job reads, where that is the point.
    pub bytes: Option<u32>,
    /// Who does it.
    pub contenders: Vec<Contender>,
}

/// One way to do the job.
pub struct Contender {
    /// Who it is.
    pub name: &'static str,
    /// Does the job so many times.
    pub run: Box<dyn FnMut(u32)>,
}

impl Contender {
    /// A contender that does the job once a call.
    pub fn each<T>(name: &'static str, mut job: impl FnMut() -> T + 'static) -> Self {
        let run = move |times| {
            for _ in 0..times {
                std::hint::black_box(job());
            }
        };
        Self { name, run: Box::new(run) }
    }
}

impl std::fmt::Debug for Contender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}
