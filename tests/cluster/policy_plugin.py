"""A CNI plugin: holds a new pod back until the policies that concern it are in force.

Runs as its own program in containerd's hands, once for each pod, so it imports nothing of ours.
It notes whose address it is in a lease, tells the enforcer, and waits for its word: a pod's first
packet meets the rules. See the CNI specification 0.4.0 for what is read and answered.
"""

import json
import os
import socket
import sys
from pathlib import Path

PATIENCE_SECONDS = 20.0


def main() -> int:
    asked = json.load(sys.stdin)
    command = os.environ["CNI_COMMAND"]
    if command == "VERSION":
        print(json.dumps({"cniVersion": "0.4.0", "supportedVersions": ["0.3.1", "0.4.0"]}))
        return 0
    lease = Path(asked["leases"], os.environ["CNI_CONTAINERID"])
    if command == "DEL":
        lease.unlink(missing_ok=True)
        tell(asked["socket"], wait=False)
        return 0
    if command == "ADD":
        write(lease, asked["prevResult"])
        answer = tell(asked["socket"], wait=True, lease=lease.name)
        if answer != "ok":
            lease.unlink(missing_ok=True)
            print(json.dumps({"cniVersion": "0.4.0", "code": 11, "msg": answer}))
            return 1
    print(json.dumps(asked["prevResult"]))
    return 0


def write(lease: Path, result: dict) -> None:  # type: ignore[type-arg]  # JSON of the runtime
    pod = dict(part.split("=", 1) for part in os.environ["CNI_ARGS"].split(";") if "=" in part)
    text = json.dumps(
        {
            "namespace": pod["K8S_POD_NAMESPACE"],
            "name": pod["K8S_POD_NAME"],
            "uid": pod.get("K8S_POD_UID", ""),
            "address": result["ips"][0]["address"].partition("/")[0],
            "netns": os.environ["CNI_NETNS"],
        }
    )
    temporary = lease.with_name(f".{lease.name}")
    temporary.write_text(text)
    temporary.rename(lease)


def tell(address: str, *, wait: bool, lease: str = "") -> str:
    """Ask for the rules to be brought up to date; returns the enforcer's word."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(PATIENCE_SECONDS)
            connection.connect(address)
            connection.sendall(f"{lease}\n".encode())
            said = connection.recv(1000).decode().strip() if wait else ""
            return said or "the enforcer could not put the network policies in force: see its log"
    except OSError as error:
        return f"the network policies cannot be put in force: the enforcer says nothing ({error})"


if __name__ == "__main__":
    sys.exit(main())
