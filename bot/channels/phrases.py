"""What all channels ask and say in the same words."""

#: What is asked where the bot is called without a word, and for examples from the store.
HELP = "使い方"
#: What a button of that name asks.
NOT_THAT = "違う"
#: What an asker is told where something is wrong on our side, with the number that the log has, too.
IS_BROKEN = "内部の問題でお答えできませんでした。管理者に番号 {} を伝えてください。"
#: What leads to the permanent page of an answer.
PERMANENT = "この答えのページ"
NO_CHART = "今の計画では、この指標のグラフを描けません。"
