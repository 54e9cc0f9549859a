import { Account } from "../components/Account";
import { BrowsersCard } from "../components/BrowsersCard";
import styles from "../components/me.module.css";
import { PasswordCard } from "../components/PasswordCard";

export default function SecurityPage() {
  return (
    <Account part="security">
      <div className={`stack ${styles.narrow}`}>
        <PasswordCard />
        <BrowsersCard />
      </div>
    </Account>
  );
}
