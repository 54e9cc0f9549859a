import { useEffect, useRef } from "react";
import { useNavigate, useParams } from "react-router";
import { hasStatus, type Job } from "@/api";
import { useJob } from "@/api/jobs";
import { useConfig } from "@/api/session";
import { formatDuration, formatElapsed } from "@/lib/formatDuration";
import { useT } from "@/lib/i18n";
import { formatResources } from "@/lib/resources";
import { partsMessages } from "@/parts/i18n";
import { Events } from "@/parts/run/Events";
import { OptionList, type Option } from "@/parts/run/OptionList";
import { announce } from "@/ui/announce";
import { ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { useCrumb } from "@/ui/crumbs";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Facts, type Fact } from "@/ui/Facts";
import { PageHeader } from "@/ui/PageHeader";
import { SkeletonLines } from "@/ui/Skeleton";
import { StatusBadge } from "@/ui/StatusBadge";
import { Tabs, useTab } from "@/ui/Tabs";
import { Time, useNow } from "@/ui/Time";
import { againAddress, useMaySubmit, useStop, useStopReason } from "../components/actions";
import { WhyJob } from "../components/Evidence";
import { JobTimeline } from "../components/JobTimeline";
import { Repeat, Spec } from "../components/Spec";
import { StopJob } from "../components/StopJob";
import { jobsMessages } from "../i18n";
import { LogCard } from "../log/LogCard";
import { useLog } from "../log/useLog";
import { elapsed, isOutOfMemory, jobOf } from "../meaning";

interface Props { readonly job: Job }

const TABS = ["logs", "events", "spec"] as const;

/** Tell those who wait without looking. */
function useAnnouncedStatus({ name, status }: Job): void {
  const t = useT(jobsMessages);
  const before = useRef(status);
  useEffect(() => {
    if (before.current === status) return;
    before.current = status;
    if (status === "running" || status === "succeeded" || status === "stopped") announce(t(`announce.${status}`, { name }));
    if (status === "failed") announce(t("announce.failed", { name }), "assertive");
  }, [status, name, t]);
}

/** Beside the status: how long, and in a few words why. */
function Beside({ job }: Props) {
  const t = useT(jobsMessages);
  const seconds = elapsed(job, useNow(1000));
  const { status } = job;
  const words = () => {
    if (jobOf(job).isOver && status !== "succeeded" && job.reason) return job.reason.text;
    if (seconds === null) return null;
    if (status === "queued" || status === "starting") return t("elapsed.queued", { duration: formatElapsed(seconds, t.language) });
    return jobOf(job).isOver ? t("elapsed.took", { duration: formatDuration(seconds, t.language) }) : formatDuration(Math.floor(seconds), t.language);
  };
  return (
    <>
      <StatusBadge status={status} staleSince={job.workload.stale_since} />
      <span className="muted tabular">{words()}</span>
    </>
  );
}

function Sub({ job }: Props) {
  const t = useT(jobsMessages);
  const software = job.environment?.name ?? (job.image && t("sub.image", { image: job.image }));
  return <span className="row wrap" style={{ gap: "2px 16px" }}><span>{formatResources(job.resources, t.language)}</span>{software && <span>{software}</span>}<span>{t("sub.byOwner", { name: job.owner })}</span></span>;
}

function useOptions(job: Job): Option[] {
  const t = useT(jobsMessages);
  const navigate = useNavigate();
  const stop = useStop(job);
  const forbidden = useStopReason(job);
  const maySubmit = useMaySubmit(job.project.slug);
  const open = () => void navigate(againAddress(job));
  const { status } = job;
  const cancel: Option = { icon: "x", title: t("can.cancel"), text: t("can.cancelText"), button: t("can.cancelButton"), onPress: stop };
  const other: Option = { icon: "cpu", title: t("can.other"), text: t("can.otherText"), button: t("can.open"), onPress: open };
  const again: Option = { icon: "refresh", title: t("can.again"), text: t("can.againText"), button: t("can.open"), onPress: open };
  const bigger: Option = { icon: "cpu", title: t("can.bigger"), text: t("can.biggerText"), button: t("can.open"), onPress: open };
  if (status === "queued" || status === "starting") return [...(maySubmit ? [other] : []), ...(forbidden ? [] : [cancel])];
  if (!jobOf(job).isOver || !maySubmit || status === "succeeded") return [];
  return isOutOfMemory(job) ? [bigger] : [status === "refused" ? other : again];
}

function About({ job }: Props) {
  const t = useT(jobsMessages);
  const words = useT(partsMessages);
  const { isolation } = useConfig();
  const facts: Fact[] = [
    [t("facts.owner"), job.owner],
    ...(job.environment ? [[t("facts.environment"), job.environment.name] as const] : []),
    ...(job.image ? [[t("facts.image"), <code key="image">{job.image}</code>] as const] : []),
    [t("facts.profile"), job.profile.name],
    [t("facts.resources"), formatResources(job.resources, t.language)],
    [t("exitCode"), job.exit_code ?? <span key="none" className="faint" title={t("exitCode.none")}>–</span>],
    [words("isolation"), words(`isolation.${isolation}`)],
    [t("facts.submitted"), <Time key="submitted" value={job.created} />],
    [t("facts.id"), <code key="id">{job.id}</code>],
  ];
  return <Card title={t("facts")}><Facts facts={facts} /></Card>;
}

function Shown({ job }: Props) {
  const t = useT(jobsMessages);
  const log = useLog(job);
  const tab = useTab(TABS);
  const options = useOptions(job);
  const maySubmit = useMaySubmit(job.project.slug);
  const words = useT(partsMessages);
  useAnnouncedStatus(job);
  return (
    <>
      <PageHeader title={job.name} sub={<Sub job={job} />} beside={<Beside job={job} />}
        actions={<>{maySubmit && <ButtonLink icon="clone" to={againAddress(job)}>{t(jobOf(job).isOver ? "again" : "clone")}</ButtonLink>}<StopJob job={job} /></>} />
      <div className="stack">
        <Card flush label={words("timeline")}><JobTimeline job={job} /></Card>
        <div className="columns">
          <div className="stack">
            <WhyJob job={job} log={log} tab={tab} />
            <div>
              <Tabs label={t("tabs")} tabs={TABS.map((value) => ({ value, label: t(`tab.${value}`) }))} />
              {tab === "logs" && <LogCard job={job} log={log} />}
              {tab === "events" && <Events workload={job.workload.id} />}
              {tab === "spec" && <Spec job={job} />}
            </div>
            <Repeat job={job} />
          </div>
          <div className="stack">
            <OptionList options={options} />
            <About job={job} />
          </div>
        </div>
      </div>
    </>
  );
}

export default function JobPage() {
  const t = useT(jobsMessages);
  const { id = "" } = useParams();
  const { data, error, isPending, refetch } = useJob(id);
  useCrumb(data?.name);
  if (isPending) return <SkeletonLines lines={6} />;
  // The route's error page says it in the words for what is not there.
  if (hasStatus(error, 403, 404)) throw error;
  if (!data) return <ErrorNotice error={error} title={t("loadFailed")} onRetry={() => void refetch()} />;
  return <Shown key={data.id} job={data} />;
}
