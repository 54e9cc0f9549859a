"""Where higher layers join what happens to projects and members; all run in its transaction."""

from atelier.accounts.models import User
from atelier.projects.models import Project
from atelier.toolkit.hooks import Hook

# (project, actor): what runs in the project is to be stopped.
archived: Hook[[Project, User]] = Hook("projects.archived")

# (project, user, actor): what the user runs in the project is to be stopped. Also on a change to
# viewer, who may not run anything.
member_left: Hook[[Project, User, User]] = Hook("projects.member_left")
