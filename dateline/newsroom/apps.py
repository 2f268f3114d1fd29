from django.apps import AppConfig


class NewsroomConfig(AppConfig):
    name = "dateline.newsroom"
    label = "newsroom"

    def ready(self) -> None:
        from dateline.newsroom import boards, watching

        watching.watch()
        boards.watch()
