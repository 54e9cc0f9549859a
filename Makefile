# Every command prepares what it needs: Python 3.11-3.13, make and a network are all it assumes.
# `make help` lists them; docs/operations.md says more.

OPERATE := ./platform/atelier/operate/start.sh
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help up down status logs backup restore reset reset-link manage \
        cluster-up cluster-down cluster-status \
        test check bench soak schema client lock images prepare clean

##@ Running the platform
up: ## [ENGINE=kubernetes KUBECONFIG=… POD_ADDRESS=…]: start everything and say where it is
	@$(OPERATE) up $(if $(ENGINE),--engine "$(ENGINE)" --kubeconfig "$(KUBECONFIG)" \
	  --pod-address "$(POD_ADDRESS)")
down: ## stop everything, notebooks included; files stay
	@$(OPERATE) down
status: ## process, state, pid, memory, address
	@$(OPERATE) status
logs: ## SERVICE=portal [FOLLOW=yes]: what a service says
	@$(OPERATE) logs "$(SERVICE)" $(if $(FOLLOW),--follow)
backup: ## [FILE=backup.tar.gz]: databases, blobs, homes and secrets into one file
	@$(OPERATE) backup "$(FILE)"
restore: ## FILE=backup.tar.gz: set up an installation from a backup
	@$(OPERATE) restore "$(FILE)"
# A kubeconfig that happens to be in the environment deletes nothing: it has to be named here.
reset: ## [CONFIRM=yes KUBECONFIG=…]: delete everything the platform holds, after asking
	@$(OPERATE) reset $(if $(filter yes,$(CONFIRM)),--confirmed) \
	  $(if $(findstring command,$(origin KUBECONFIG)),--kubeconfig "$(KUBECONFIG)")
reset-link: ## [NAME=admin]: a link with which a user chooses a new password
	@$(OPERATE) manage reset_link "$(or $(NAME),admin)"
manage: ## DO="shell": Django's command line on this installation
	@$(OPERATE) manage $(DO)

##@ A Kubernetes for the tests (Linux, root; docs/test-cluster.md)
cluster-up: ## start it, built first (minutes, once a machine)
	@$(OPERATE) cluster-up
cluster-down: ## stop it and leave nothing behind
	@$(OPERATE) cluster-down
cluster-status: ## what of it runs, or what was left behind
	@$(OPERATE) cluster-status

##@ Working on it
test: ## all that .ci/run runs: check, tests on both sides, the journey in a real browser
	@$(OPERATE) test
check: ## lint, types, import layers, generated files, migrations, the frontend's own checks
	@$(OPERATE) check
bench: ## ratios against peers, into bench/results.json
	@$(OPERATE) bench
soak: ## long faults and scale, by hand
	@$(OPERATE) soak
schema: ## write docs/openapi.json from the code
	@$(OPERATE) schema
client: ## write the schema and the frontend's types from it
	@$(OPERATE) client
lock: ## resolve requirements/*.in into the locks
	@$(OPERATE) lock
images: ## [BASE_IMAGE=debian:bookworm-slim]: container images, by docker or buildah, where inputs changed
	@$(OPERATE) images
prepare: ## make every environment and build the pages, start nothing
	@$(OPERATE) prepare
clean: ## remove what was built; the platform's state stays
	@$(OPERATE) clean

help: ## this list
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@/ { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
