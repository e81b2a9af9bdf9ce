#include <QTest>

class TestOffsets : public QObject
{
    Q_OBJECT
};

QTEST_GUILESS_MAIN(TestOffsets)
#include "tst_offsets.moc"
