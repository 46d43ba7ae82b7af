namespace VisionBanana.Edge.Navigation;

/// <summary>The Hungarian method in O(n³): the cheapest way to give every row a column of its own.</summary>
internal sealed class Assignment
{
    private double[] _u = [], _v = [], _least = [];
    private int[] _row = [], _way = [];
    private bool[] _used = [];

    /// <summary>Solves a problem with at least as many columns as rows.</summary>
    /// <param name="cost">Rows × columns, finite.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="result">Gets the column of each row.</param>
    public void Solve(ReadOnlySpan<double> cost, int rows, int columns, Span<int> result)
    {
        Clear(rows + 1, columns + 1);
        for (int i = 1; i <= rows; i++)
        {
            _row[0] = i;
            int at = 0;
            _least.AsSpan(0, columns + 1).Fill(double.PositiveInfinity);
            _used.AsSpan(0, columns + 1).Clear();
            do
            {
                _used[at] = true;
                at = Step(cost, columns, at);
            }
            while (_row[at] != 0);

            while (at != 0)
            {
                int before = _way[at];
                _row[at] = _row[before];
                at = before;
            }
        }

        for (int j = 1; j <= columns; j++)
        {
            if (_row[j] > 0)
            {
                result[_row[j] - 1] = j - 1;
            }
        }
    }

    /// <summary>Lets the potentials grow until one more column is reached without cost.</summary>
    private int Step(ReadOnlySpan<double> cost, int columns, int at)
    {
        int row = _row[at], next = 0;
        double delta = double.PositiveInfinity;
        for (int j = 1; j <= columns; j++)
        {
            if (_used[j])
            {
                continue;
            }

            double reduced = cost[((row - 1) * columns) + j - 1] - _u[row] - _v[j];
            if (reduced < _least[j])
            {
                (_least[j], _way[j]) = (reduced, at);
            }

            if (_least[j] < delta)
            {
                (delta, next) = (_least[j], j);
            }
        }

        for (int j = 0; j <= columns; j++)
        {
            if (_used[j])
            {
                _u[_row[j]] += delta;
                _v[j] -= delta;
            }
            else
            {
                _least[j] -= delta;
            }
        }

        return next;
    }

    private void Clear(int rows, int columns)
    {
        if (_u.Length < rows)
        {
            _u = new double[rows];
        }

        if (_v.Length < columns)
        {
            (_v, _least, _row, _way, _used) = (new double[columns], new double[columns], new int[columns], new int[columns], new bool[columns]);
        }

        Array.Clear(_u);
        Array.Clear(_v);
        Array.Clear(_row);
        Array.Clear(_way);
    }
}
