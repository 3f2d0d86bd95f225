"""Fill in the papers of the first hour from the facts. They hold no member data: they are made before any export is."""

from datetime import datetime, timedelta
from typing import Any

from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from breach.law.clock import check_times, zone_of
from breach.law.trigger import holder_of
from breach.law.vocabulary import Holder
from breach.law.words import place_name, plain, say_time
from breach.papers.manifest import NotWritten, Paper, PaperName, PapersManifest
from breach.steps import Work
from breach.store import put_record, put_same
from schemas.incident import Answer, Cause, Certainty, Facts, Mode, Ongoing, Role
from schemas.receipt import Chapter, Receipt

TITLES = {
    PaperName.LETTER: "Letter to the provider",
    PaperName.BRIEF: "Brief for counsel",
    PaperName.CHECKLIST: "Checklist for the first hour",
}
NO_LETTER = "The cause is a member of the community: there is nobody at the provider to ask. Counsel has the questions."
FIRST_CLOCK = timedelta(hours=72)
"""The shortest counted clock that meets most communities: Article 33(1) GDPR and UK GDPR."""


def write_papers(work: Work) -> Receipt:
    """The chapter: freeze letter-to-provider.md, brief-for-counsel.md, first-hour-checklist.md and manifest.json.

    They lie below papers/<rev>/. No letter when a member of the community is the cause; the manifest says so.
    Counts of the receipt: papers, not_written. Raises BadInput (a time in the future, an unknown time zone).
    """
    words = _words(work)
    skipped = (
        (NotWritten(name=PaperName.LETTER, reason=NO_LETTER),) if work.facts.incident.cause is Cause.MEMBER else ()
    )
    wanted = [name for name in PaperName if name not in {paper.name for paper in skipped}]
    manifest = PapersManifest(papers=tuple(_written(work, name, words) for name in wanted), not_written=skipped)
    key = f"papers/{work.revision}/manifest.json"
    return Receipt(
        case_id=work.case.case_id,
        chapter=Chapter.PAPERS,
        revision=work.revision,
        key=key,
        digest=put_record(work.store, key, manifest),
        counts={"papers": len(manifest.papers), "not_written": len(manifest.not_written)},
    )


def _written(work: Work, name: PaperName, words: dict[str, Any]) -> Paper:
    text = _environment().get_template(f"{name.value}.md.j2").render(words)
    key = f"papers/{work.revision}/{name.value}.md"
    digest = put_same(work.store, key, text.encode())
    return Paper(name=name, title=TITLES[name], key=key, digest=digest, sent="by hand")


def _environment() -> ImmutableSandboxedEnvironment:
    """Every value that is put in passes `plain`: what people typed is shown, never obeyed."""
    return ImmutableSandboxedEnvironment(
        loader=PackageLoader("breach.papers", "templates"),
        undefined=StrictUndefined,
        finalize=_shown,
        autoescape=False,  # these are Markdown; finalize escapes for Markdown and HTML both
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _shown(value: object) -> object:
    return value if isinstance(value, Markup) else plain(str(value))


def _words(work: Work) -> dict[str, Any]:
    """What the templates may say. Questions of yes and no are answered here, so that they read like a letter."""
    facts, incident = work.facts, work.facts.incident
    check_times(facts)
    zone = zone_of(incident.organisation)

    def said(moment: datetime) -> Markup:
        return Markup(say_time(moment, zone))  # noqa: S704 - our own words

    first_clock = incident.aware_at + FIRST_CLOCK
    return {
        "case_id": work.case.case_id,
        "rehearsal": work.case.mode is Mode.REHEARSAL,
        "facts": incident,
        "revision": facts.revision,
        "recorded_at": said(facts.recorded_at),
        "aware_at": said(incident.aware_at),
        "platform_aware_at": said(incident.platform_aware_at) if incident.platform_aware_at else None,
        "leak_from": said(incident.leak_from),
        "leak_until": said(incident.leak_until),
        "first_clock": said(first_clock),
        "first_clock_passed": first_clock <= facts.recorded_at,
        "home": place_name(incident.organisation.established_in),
        **_cases(facts),
        "sent_by_hand": Markup("- [ ] sent by hand on …, by …"),
        "done": Markup("- [ ]"),
    }


def _cases(facts: Facts) -> dict[str, bool]:
    incident = facts.incident
    return {
        "suspicion": incident.certainty is Certainty.SUSPICION,
        "by_member": incident.cause is Cause.MEMBER,
        "cause_unknown": incident.cause is Cause.UNKNOWN,
        "still_open": incident.ongoing is not Ongoing.NO,
        "open_for_sure": incident.ongoing is Ongoing.YES,
        "profiles": incident.profiles_exposed is not Answer.NO,
        "profiles_unknown": incident.profiles_exposed is Answer.UNKNOWN,
        "processor": holder_of(incident.organisation.role) is Holder.PROCESSOR,
        "joint": incident.organisation.role is Role.JOINT,
        "turnover_unknown": incident.organisation.turnover_over_aud_3m is Answer.UNKNOWN,
    }
