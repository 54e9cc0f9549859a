"""A real Kubernetes of one node for the tests.

`python -m tests.cluster up` builds what it needs once, starts it on this machine and leaves an
administrator's kubeconfig; `down` takes everything away again. Standard library only: it runs
before any virtual environment exists. docs/test-cluster.md tells how it is put together.
"""
