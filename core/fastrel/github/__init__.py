"""GitHub as actions read and change it. The only room that knows PyGithub."""
