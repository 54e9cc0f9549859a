"""Where a project's work runs: its namespace in the cluster, or its folder on this machine.

The worker of the queue ``tenancy`` alone works here: on Kubernetes it holds the rights to make
namespaces, which no other process has.
"""
