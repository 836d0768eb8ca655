//! Grades submissions: their bodies in our functions, our tests, one exercise at a time.

use crate::build::{Bench, Target, target, target_folder};
use crate::handout::{changed, handout};
use crate::own::{Answer, Key, keys};
use crate::sandbox::{Sandbox, guards};
use crate::surgery::{CHOICE, Lifted, Place, find, find_test, lift, switched};
use crate::tree::{Edit, Tree, tests_of};
use anyhow::{Context, Result, bail, ensure};
use check_my_work::{Limits, Outcome, Ran};
use lessons::{Course, Exercise};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

/// What a test may print.
const OUTPUT: usize = 64 << 10;

/// What a file of a submission may weigh, and how deep its brackets may be nested.
const LARGEST: u64 = 128 << 10;
const DEEPEST: usize = 256;

/// What the own data are worth where there is a key.
const OWN_POINTS: u32 = 15;

/// How to grade.
pub struct Grading<'a> {
    pub workspace: &'a Path,
    pub part: usize,
    pub seconds: u64,
    /// The lecturer's keys, if own data were handed out.
    pub key: Option<&'a Path>,
}

/// What a submission has come to.
#[derive(Debug)]
pub struct Grade {
    /// The name of its folder.
    pub name: String,
    pub marks: Vec<Mark>,
    /// What is worth telling the lecturer.
    pub remarks: BTreeSet<String>,
}

/// What an exercise has come to.
#[derive(Debug)]
pub struct Mark {
    pub id: String,
    pub title: String,
    pub points: u32,
    pub most: u32,
    /// In one word, for programs.
    pub word: &'static str,
    pub says: String,
}

impl Grade {
    pub fn points(&self) -> u32 {
        self.marks.iter().map(|mark| mark.points).sum()
    }

    pub fn most(&self) -> u32 {
        self.marks.iter().map(|mark| mark.most).sum()
    }
}

/// Grades every folder, and says on the way what guards and how far it is.
pub fn grade(grading: &Grading, folders: &[PathBuf]) -> Result<Vec<Grade>> {
    let names = names(folders)?;
    let keys = grading.key.map(|file| {
        ensure!(file.exists(), "there is no {}", file.display());
        keys(file)
    });
    let keys = keys.transpose()?;
    eprintln!("guarded: {}", guards());
    let desk = Desk::new(grading)?;
    let mut grades = Vec::new();
    for (folder, name) in folders.iter().zip(names) {
        eprintln!("{name} ...");
        let mut grade = match desk.grade(folder, &name) {
            Ok(grade) => grade,
            Err(error) => desk.nothing(&name, &format!("{error:#}")),
        };
        if let Some(keys) = &keys {
            grade.marks.push(own(folder, &name, keys));
        }
        grades.push(grade);
    }
    Ok(grades)
}

/// The names of the folders, each once.
fn names(folders: &[PathBuf]) -> Result<Vec<String>> {
    let mut seen = BTreeSet::new();
    let mut numbers = BTreeSet::new();
    let mut names = Vec::new();
    for folder in folders {
        ensure!(folder.is_dir(), "{} is no folder", folder.display());
        let own = folder.canonicalize()?;
        let name = own
            .file_name()
            .context("a submission has a name")?
            .to_string_lossy()
            .into_owned();
        ensure!(seen.insert(name.clone()), "the submission {name} is there twice");
        if let Some(student) = number(&name) {
            ensure!(
                numbers.insert(student),
                "student {student} is there twice, the second time as {name}"
            );
        }
        names.push(name);
    }
    Ok(names)
}

/// The student's number at the end of a folder's name.
fn number(name: &str) -> Option<u64> {
    let digits = name.trim_start_matches(|c: char| !c.is_ascii_digit());
    digits.parse().ok()
}

/// What every submission is held against.
struct Desk<'a> {
    exercises: Vec<&'a Exercise>,
    /// The tests have gates, and no function is a stub.
    clean: Tree,
    /// What students have got.
    given: Tree,
    bench: Bench,
    programs: BTreeSet<Target>,
    /// Where the secret of each run lies, and where tests may write.
    folder: tempfile::TempDir,
    seconds: u64,
}

impl<'a> Desk<'a> {
    fn new(grading: &Grading) -> Result<Desk<'a>> {
        // The course lives as long as the program.
        let course: &'a Course = Box::leak(Box::new(Course::read(grading.workspace)?));
        let chapters = course.chapters_to(grading.part)?;
        let exercises = course.exercises_of(grading.part)?;
        let mut clean = Tree::new(grading.workspace, &chapters, &exercises)?;
        gate(&mut clean, &exercises)?;
        let folder = target_folder(grading.workspace, &format!("grade-{}", grading.part));
        let bench = Bench {
            root: folder.join("tree"),
            target: folder.join("target"),
            offline: false,
        };
        let targets =
            exercises.iter().flat_map(|e| e.tests.iter().map(|test| target(e, test).0));
        let programs: BTreeSet<Target> = targets.collect();
        // Once with nobody's work: then all that is not ours is compiled, and the rest needs no network.
        clean.write(&bench.root)?;
        if let Err(said) = bench.programs(&programs)? {
            bail!("our own tests do not compile: {said}");
        }
        Ok(Desk {
            exercises,
            clean,
            given: handout(grading.workspace, grading.part, None)?,
            bench: Bench { offline: true, ..bench },
            programs,
            folder: tempfile::tempdir()?,
            seconds: grading.seconds,
        })
    }

    /// A submission that cannot be graded at all.
    fn nothing(&self, name: &str, why: &str) -> Grade {
        let outcome = Outcome::Gone(why.to_owned());
        let marks =
            self.exercises.iter().map(|exercise| mark(exercise, &outcome)).collect();
        Grade { name: name.to_owned(), marks, remarks: BTreeSet::from([why.to_owned()]) }
    }

    fn grade(&self, folder: &Path, name: &str) -> Result<Grade> {
        let root = root(folder)?;
        let mut remarks = BTreeSet::new();
        let places = self.exercises.iter().flat_map(|exercise| &exercise.functions);
        let files = places
            .map(|path| Ok(Place::new(path)?.file))
            .collect::<Result<BTreeSet<_>>>()?;
        let expected: Vec<&Path> =
            files.iter().map(PathBuf::as_path).chain([Path::new("Cargo.lock")]).collect();
        for file in changed(&self.given, &root, &expected)? {
            remarks.insert(format!("{file} is not as it was: ours is used"));
        }
        let mut outcomes: BTreeMap<&str, Outcome> = BTreeMap::new();
        let mut bodies: BTreeMap<&str, Vec<(Place, Lifted)>> = BTreeMap::new();
        for exercise in &self.exercises {
            match self.bodies(exercise, &root)? {
                Ok(lifted) => {
                    remarks
                        .extend(lifted.iter().flat_map(|(_, l)| l.remarks.iter().cloned()));
                    bodies.insert(&exercise.id, lifted);
                }
                Err(outcome) => drop(outcomes.insert(&exercise.id, outcome)),
            }
        }
        let programs = self.build(&mut bodies, &mut outcomes)?;
        for exercise in self.exercises.iter().filter(|e| bodies.contains_key(e.id.as_str()))
        {
            let outcome = self.judge(exercise, &programs)?;
            outcomes.insert(&exercise.id, outcome);
        }
        let marks =
            self.exercises.iter().map(|e| mark(e, &outcomes[e.id.as_str()])).collect();
        Ok(Grade { name: name.to_owned(), marks, remarks })
    }

    /// The bodies of an exercise, in a thread that deep nesting cannot end.
    fn bodies(
        &self,
        exercise: &Exercise,
        root: &Path,
    ) -> Result<Result<Vec<(Place, Lifted)>, Outcome>> {
        let mut all = Vec::new();
        for function in &exercise.functions {
            let place = Place::new(function)?;
            let student = match plain_text(root, &place.file) {
                Ok(text) => text,
                Err(why) => return Ok(Err(Outcome::NoProgram(why))),
            };
            let ours = self.clean.text(&place.file)?;
            let lifted = thread::scope(|scope| {
                let work = || lift(&student, ours, &place);
                let own = thread::Builder::new().stack_size(512 << 20);
                own.spawn_scoped(scope, work).map(thread::ScopedJoinHandle::join)
            })?;
            match lifted {
                Ok(Ok(lifted)) => all.push((place, lifted)),
                Ok(Err(said)) => return Ok(Err(Outcome::NoProgram(said))),
                Err(_) => {
                    return Ok(Err(Outcome::NoProgram("it cannot be read".to_owned())));
                }
            }
        }
        let stub = format!("todo!(\"{}\")", exercise.id);
        if all.iter().all(|(_, lifted)| lifted.body.contains(&stub)) {
            return Ok(Err(Outcome::NotBegun));
        }
        Ok(Ok(all))
    }

    /// The programs of the tests with all bodies that compile; what does not, gets its outcome.
    fn build<'b>(
        &self,
        bodies: &mut BTreeMap<&'b str, Vec<(Place, Lifted)>>,
        outcomes: &mut BTreeMap<&'b str, Outcome>,
    ) -> Result<BTreeMap<Target, PathBuf>> {
        if let Ok(programs) = self.with(bodies)? {
            return Ok(programs);
        }
        // One by one, to find those at fault.
        let alone: Vec<&str> = bodies.keys().copied().collect();
        for id in alone {
            let one = BTreeMap::from([(id, bodies[id].clone())]);
            self.switch(&one)?.write(&self.bench.root)?;
            let package = id.rsplit_once('.').map_or(id, |(package, _)| package);
            if let Err(said) = self.bench.check(&BTreeSet::from([package]))? {
                bodies.remove(id);
                outcomes.insert(id, Outcome::NoProgram(said));
            }
        }
        match self.with(bodies)? {
            Ok(programs) => Ok(programs),
            Err(said) => {
                for (id, _) in std::mem::take(bodies) {
                    outcomes.insert(id, Outcome::NoProgram(said.clone()));
                }
                Ok(BTreeMap::new())
            }
        }
    }

    fn with(
        &self,
        bodies: &BTreeMap<&str, Vec<(Place, Lifted)>>,
    ) -> Result<Result<BTreeMap<Target, PathBuf>, String>> {
        self.switch(bodies)?.write(&self.bench.root)?;
        self.bench.programs(&self.programs)
    }

    /// Our tree in which each exercise's own key chooses the student's bodies.
    fn switch(&self, bodies: &BTreeMap<&str, Vec<(Place, Lifted)>>) -> Result<Tree> {
        let mut tree = Tree { files: self.clean.files.clone() };
        let mut places: BTreeMap<&Place, Vec<(String, String)>> = BTreeMap::new();
        for (id, all) in bodies {
            for (place, lifted) in all {
                let own = places.entry(place).or_default();
                own.push(((*id).to_owned(), lifted.body.clone()));
            }
        }
        let mut edits: BTreeMap<PathBuf, Vec<Edit>> = BTreeMap::new();
        for (place, bodies) in places {
            let text = tree.text(&place.file)?;
            let function = find(text, place)?;
            let new = switched(text, &function, &bodies);
            edits.entry(place.file.clone()).or_default().push((function.body, new));
        }
        tree.edit(edits)?;
        Ok(tree)
    }

    /// What the tests of an exercise say, each in a program and a folder of its own.
    fn judge(
        &self,
        exercise: &Exercise,
        programs: &BTreeMap<Target, PathBuf>,
    ) -> Result<Outcome> {
        for test in &exercise.tests {
            let (target, name) = target(exercise, test);
            let program =
                programs.get(&target).with_context(|| format!("no program {target:?}"))?;
            let scratch = tempfile::tempdir_in(self.folder.path())?;
            let key = secret();
            let file = self.folder.path().join("key");
            fs::write(&file, &key)?;
            let limits = Limits { time: Duration::from_secs(self.seconds), output: OUTPUT };
            let sandbox = Sandbox { scratch: scratch.path().to_owned(), limits };
            let arguments = ["--exact", &name, "--nocapture", "--test-threads", "1"];
            let ran = sandbox.run(program, &arguments, (CHOICE, &exercise.id), &file)?;
            let outcome = verdict(&ran, &key, &limits, &exercise.id);
            if !outcome.is_done() {
                return Ok(outcome);
            }
        }
        Ok(Outcome::Done)
    }
}

/// The end of a test counts only if it has said the secret, which whoever ends the program before that
/// cannot know.
fn verdict(ran: &Ran, key: &str, limits: &Limits, exercise: &str) -> Outcome {
    let told = ran.output.contains(key); // what else is printed may share its line
    match Outcome::of(ran, limits, exercise) {
        Outcome::Done if !told => {
            Outcome::Gone("the program ended itself before the test had decided".to_owned())
        }
        outcome => outcome,
    }
}

fn secret() -> String {
    let part = || format!("{:016x}", RandomState::new().build_hasher().finish());
    (0..4).map(|_| part()).collect()
}

/// Lets each test that decides read a secret first, and say it when it has come to its end.
fn gate(tree: &mut Tree, exercises: &[&Exercise]) -> Result<()> {
    let mut edits: BTreeMap<PathBuf, Vec<Edit>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for exercise in exercises {
        for test in &exercise.tests {
            let (file, name) = match test.strip_prefix("lib:") {
                Some(path) => {
                    let (module, name) =
                        path.split_once("::").context("lib:MODULE::TEST")?;
                    let sources = Path::new("crates").join(exercise.package()).join("src");
                    (sources.join(module).with_extension("rs"), name)
                }
                None => (tests_of(exercise.package(), exercise.target()), test.as_str()),
            };
            if !seen.insert((file.clone(), name)) {
                continue;
            }
            let text = tree.text(&file)?;
            let function = find_test(text, name)?;
            let gives =
                function.gives.map(|gives| format!("-> {gives} ")).unwrap_or_default();
            let body = &text[function.body.clone()];
            let gated = format!(
                "{{ let key = ::std::io::read_to_string(::std::io::stdin()).unwrap(); \
                 let end = (|| {gives}{body})(); ::std::eprintln!(\"\\n{{key}}\\n\"); end }}"
            );
            edits.entry(file).or_default().push((function.body, gated));
        }
    }
    tree.edit(edits)
}

fn mark(exercise: &Exercise, outcome: &Outcome) -> Mark {
    let points = if outcome.is_done() { exercise.points } else { 0 };
    Mark {
        id: exercise.id.clone(),
        title: exercise.title.clone(),
        points,
        most: exercise.points,
        word: outcome.word(),
        says: outcome.say(),
    }
}

/// The folder of a submission that has the crates: itself, or the only one in it.
fn root(folder: &Path) -> Result<PathBuf> {
    if folder.join("crates").is_dir() {
        return Ok(folder.canonicalize()?);
    }
    let entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    let inside =
        entries.iter().map(|entry| entry.path()).find(|path| path.join("crates").is_dir());
    let inside =
        inside.context("there is no handout in it: the folder crates is missing")?;
    let (inside, outside) = (inside.canonicalize()?, folder.canonicalize()?);
    ensure!(inside.starts_with(outside), "its handout is a link that leads out of it");
    Ok(inside)
}

/// The text of a submitted file, which is no link to elsewhere.
fn plain_text(root: &Path, file: &Path) -> Result<String, String> {
    let name = file.display();
    let path =
        root.join(file).canonicalize().map_err(|_| format!("{name} is not there"))?;
    let inside = root.canonicalize().is_ok_and(|root| path.starts_with(root));
    if !inside {
        return Err(format!("{name} is a link that leads out of the submission"));
    }
    let size = fs::metadata(&path).map_err(|error| error.to_string())?;
    if !size.is_file() || size.len() > LARGEST {
        return Err(format!("{name} is no file of at most {} KiB", LARGEST / 1024));
    }
    let text = fs::read_to_string(&path).map_err(|_| format!("{name} is no text"))?;
    let (mut depth, mut deepest) = (0_usize, 0);
    for letter in text.chars() {
        match letter {
            '(' | '[' | '{' | '<' => depth += 1,
            ')' | ']' | '}' | '>' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    match deepest > DEEPEST {
        true => Err(format!("{name} has brackets nested more than {DEEPEST} deep")),
        false => Ok(text),
    }
}

/// The mark of the own data.
fn own(folder: &Path, name: &str, keys: &[Key]) -> Mark {
    let found = || -> Result<(), String> {
        let student =
            number(name).ok_or("the folder's name has no student's number in it")?;
        let key = keys.iter().find(|key| key.student == student);
        let key = key.ok_or_else(|| format!("there is no key of student {student}"))?;
        let root = root(folder).map_err(|error| error.to_string())?;
        let text = plain_text(&root, Path::new("own/answer.toml"))?;
        let answer: Answer = toml::from_str(&text)
            .map_err(|error| format!("own/answer.toml: {}", error.message()))?;
        key.differs(&answer).map_or(Ok(()), Err)
    };
    let (points, word, says) = match found() {
        Ok(()) => (OWN_POINTS, "done", "done".to_owned()),
        Err(why) => (0, "not_yet", format!("not yet: {why}")),
    };
    let (id, title) = ("own".to_owned(), "Own data, the key".to_owned());
    Mark { id, title, points, most: OWN_POINTS, word, says }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(code: Option<i32>, output: &str) -> Ran {
        Ran { code, output: output.to_owned(), late: false, loud: false }
    }

    #[test]
    fn only_who_says_the_secret_has_passed() {
        let limits = Limits { time: Duration::from_secs(10), output: OUTPUT };
        let passed = "running 1 test\n\nabc\n\ntest a ... ok\n";
        assert!(verdict(&ran(Some(0), passed), "abc", &limits, "a.1").is_done());
        let forged = "test a ... ok\n\ntest result: ok. 1 passed\n";
        let outcome = verdict(&ran(Some(0), forged), "abc", &limits, "a.1");
        assert!(outcome.say().contains("ended itself"), "{}", outcome.say());
        assert!(!verdict(&ran(Some(101), passed), "abc", &limits, "a.1").is_done());
    }

    #[test]
    fn a_name_has_the_students_number() {
        assert_eq!(number("1234"), Some(1234));
        assert_eq!(number("smith-1234"), Some(1234));
        assert_eq!(number("smith"), None);
    }

    #[test]
    fn secrets_differ() {
        assert_ne!(secret(), secret());
        assert_eq!(secret().len(), 64);
    }
}
