"""Running things as pods. The only package that may import the client library of Kubernetes."""
