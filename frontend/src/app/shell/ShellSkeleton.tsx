import { Loading, Bone, SkeletonRows } from "@/ui/Skeleton";
import styles from "./Shell.module.css";

/** The frame without its words, for the moment before the session is known. */
export function ShellSkeleton() {
  return (
    <div className={styles.app}>
      <div className={styles.bars} />
      <div className={styles.side} />
      <div className={styles.top} />
      <main className={styles.main}>
        <Loading><Bone width={220} height={22} /></Loading>
        <div style={{ marginTop: 24 }}><SkeletonRows rows={5} /></div>
      </main>
    </div>
  );
}
