"""The live GitHub state that actions read and change. The only room that knows PyGithub."""
